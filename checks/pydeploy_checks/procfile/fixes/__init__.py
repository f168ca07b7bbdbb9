"""How findings about the Procfile and what it runs are fixed."""
