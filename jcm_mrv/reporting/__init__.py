"""A result as JSON, Excel, PDF and page. Nothing is calculated here: every number stands in the result."""
