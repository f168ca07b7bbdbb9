"""Reads the data files that come with pydeploy-lint: those that age, and those that do not."""
