"""The app's Python code: which modules there are, what they import and which database they name."""
