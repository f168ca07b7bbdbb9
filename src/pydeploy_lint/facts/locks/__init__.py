"""Whether a lock file is in sync with its sources, and what it says about Python and wheels."""
