"""Learning to read: pages with gold → weights. Needs the extra `[train]` (PyTorch); reading needs nothing of it."""
