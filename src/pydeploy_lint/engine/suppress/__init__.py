"""Suppressions: comments and configuration that answer a finding."""
