"""What the Procfile starts, where its servers listen and what they serve."""
