"""Says whether a Python app will deploy on Heroku, offline, from its files alone."""

__version__ = "0.1.0"
