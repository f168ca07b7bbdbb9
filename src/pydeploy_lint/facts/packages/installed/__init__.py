"""The distributions that each package manager installs from its files."""
