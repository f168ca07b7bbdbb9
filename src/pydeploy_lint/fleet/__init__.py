"""Many apps: where they are, who judges them, and what is known of all of them."""
