"""The equation language: one graph, from which everything else is derived. It knows nothing of JCM."""
