"""What a build printed: the lines of a log, what is known of them, and how they compare with the files."""
