"""The ground floor: files, their texts, and the formats that need no knowledge of Heroku or of Python packages."""
