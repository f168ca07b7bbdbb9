"""What the command line prints about pydeploy-lint itself: documentation, version, newer data."""
