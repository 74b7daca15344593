"""Changes to the arithmetic of the package, one at a time, and whether the tests that reach them notice."""
