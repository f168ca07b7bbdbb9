"""Evaluates settings modules: values, expressions, statements and imports, as far as the text decides them."""
