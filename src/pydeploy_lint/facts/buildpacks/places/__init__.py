"""One reader for each kind of file in which buildpacks are declared."""
