"""Rules on what a person entered beside the readings: equipment, eligibility, evidence, earlier reports."""
