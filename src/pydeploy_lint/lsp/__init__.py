"""The language server: findings as diagnostics, fixes as code actions, documentation on hover, while somebody types."""
