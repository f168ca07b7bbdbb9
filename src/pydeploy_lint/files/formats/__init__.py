"""The formats of files: TOML, JSON, YAML and HCL, read with the place of every value."""
