"""Checks of the Python version."""
