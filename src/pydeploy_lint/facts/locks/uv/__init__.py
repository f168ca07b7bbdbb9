"""uv.lock: whether uv accepts it."""
