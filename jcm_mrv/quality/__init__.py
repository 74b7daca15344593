"""What is doubtful in the data, how it is treated, and what it does to the tonnes."""
