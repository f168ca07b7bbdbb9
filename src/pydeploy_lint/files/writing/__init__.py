"""Writes files, one program at a time."""
