"""Baselines: findings that are already known."""
