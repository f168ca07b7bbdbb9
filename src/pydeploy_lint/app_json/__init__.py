"""What `app.json` may hold: a JSON schema for editors and for the check, and what Heroku has retired since."""
