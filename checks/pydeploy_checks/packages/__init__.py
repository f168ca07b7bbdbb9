"""Checks of the package manager and of what it installs."""
