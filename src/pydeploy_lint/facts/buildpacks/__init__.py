"""The buildpacks that an app asks for, wherever it declares them and however they are spelled."""
