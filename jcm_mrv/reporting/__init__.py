"""Rendering a result as JSON, Excel, PDF and HTML."""
