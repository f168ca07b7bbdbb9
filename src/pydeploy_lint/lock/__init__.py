"""Whether a lockfile still belongs to what it was made from: one module a tool, pure functions of parsed files."""
