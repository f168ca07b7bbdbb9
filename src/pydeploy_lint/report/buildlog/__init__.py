"""What a log says, for people and for programs."""
