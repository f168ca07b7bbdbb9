"""app.json: whether it is valid, what it declares, and what it names that Heroku has retired."""
