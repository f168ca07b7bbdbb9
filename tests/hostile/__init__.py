"""Apps that were written to harm whoever judges them."""
