"""What the build installs, and what is known about packages."""
