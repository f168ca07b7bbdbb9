"""Checks of databases: when Heroku provisions one, and how the app finds it."""
