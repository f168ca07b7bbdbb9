"""Requirements files, read the way pip reads them."""
