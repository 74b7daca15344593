"""One module per section of the document, from a result to blocks. How a block looks is no business of a section."""
