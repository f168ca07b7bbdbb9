"""The plan: what Heroku will do with the app, step by step."""
