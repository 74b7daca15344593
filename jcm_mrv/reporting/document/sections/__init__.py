"""One module per section of the document, each from a result to blocks."""
