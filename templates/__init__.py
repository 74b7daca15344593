"""Templates, style sheets and translations of the reports."""
