"""Fixes: which edits to make, what the files then are, and how they get to the disk, all of them or none."""
