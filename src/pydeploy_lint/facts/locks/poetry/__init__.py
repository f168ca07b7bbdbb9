"""poetry.lock: whether Poetry accepts it."""
