"""Article → Mentions: the neural tagger, then grammar for places, bodies, people with posts, and programs."""
