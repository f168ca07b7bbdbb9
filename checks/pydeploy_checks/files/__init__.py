"""Checks of files that Heroku cannot read, does not get or should not get."""
