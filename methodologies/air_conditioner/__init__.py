"""Air conditioners."""
