"""Which buildpacks an app asks for, in every place and every spelling."""
