"""Built-in methodologies, one folder per family."""
