"""Checks of stacks and announced dates."""
