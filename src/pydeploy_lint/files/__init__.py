"""An app's files: their bytes, their text, and the values in them with their places."""
