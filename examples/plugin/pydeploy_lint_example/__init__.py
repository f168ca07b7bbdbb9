"""A plug-in for pydeploy-lint: a check and a fact of our own."""
