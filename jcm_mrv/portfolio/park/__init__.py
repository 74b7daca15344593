"""What makes a park of firms: flows between them, criteria of eco-industrial parks, who has to report."""
