"""Facts about an app: what its files say, each read by one reader."""
