"""Checks of the buildpacks that an app declares."""
