"""Article + Mentions → Claims: what names state by their composition, posts, cue verbs, and names side by side."""
