"""Heroku's own names for add-ons and for the config vars that they set."""

DATABASE_URL = "DATABASE_URL"
POSTGRES_ADDON = "heroku-postgresql"
