"""What git would push of a working tree: asked of the git program, or read from git's files where there is none."""
