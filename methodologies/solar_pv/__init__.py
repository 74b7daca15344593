"""Solar photovoltaic systems."""
