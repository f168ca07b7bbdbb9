"""Django projects: the settings in force on Heroku, found without running anything."""
