"""Which modules the code imports, which distributions bring them, and which of them nobody declares."""
