"""Turns results into documents: one module for each format."""
