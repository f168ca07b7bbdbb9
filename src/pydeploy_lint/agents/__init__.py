"""What agents use: a server of the Model Context Protocol, and the tools that it offers."""
