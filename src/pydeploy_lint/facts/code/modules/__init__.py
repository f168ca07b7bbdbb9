"""The modules of the app: which there are, what they bind, and what they import."""
