"""The monitoring report as a document: blocks, tables and equations that PDF and page render alike."""
