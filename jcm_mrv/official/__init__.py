"""Official spreadsheets of the JCM: reading their tables, entering values, recalculating them, filling in an MRS."""
