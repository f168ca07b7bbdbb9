"""Checks of the Procfile and of what its processes run."""
