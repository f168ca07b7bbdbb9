"""An app's files: where they are, what they say, and the place of every value; knows nothing of Python or Heroku."""
