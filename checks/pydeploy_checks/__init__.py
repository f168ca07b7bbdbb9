"""The checks that come with pydeploy-lint, one module for each family."""
