"""What ``check`` says: findings grouped, with room for answers, as text, JSON and workbook."""
