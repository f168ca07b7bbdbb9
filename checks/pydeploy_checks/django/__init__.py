"""Checks of Django settings."""
