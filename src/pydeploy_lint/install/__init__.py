"""What Heroku installs: from the files of pip, Pipenv, Poetry and uv to one set of distributions."""
