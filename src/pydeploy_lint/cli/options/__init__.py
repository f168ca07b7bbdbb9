"""What the command line accepts: options, those for many apps, and the environment variables that stand for them."""
