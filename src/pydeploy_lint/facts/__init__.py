"""What an app's files say about how Heroku will build and run it; knows nothing of severity."""
