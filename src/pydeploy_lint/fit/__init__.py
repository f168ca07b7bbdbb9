"""Whether things fit together: the app's modules, its packages and its other configuration with Heroku's Python."""
