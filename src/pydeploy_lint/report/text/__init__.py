"""The text formats, for people: in full, and one line for each finding."""
