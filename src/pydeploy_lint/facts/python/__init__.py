"""Which Python version an app asks for, and in which file."""
