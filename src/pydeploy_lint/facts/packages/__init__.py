"""Which package manager Heroku uses and which packages it installs."""
