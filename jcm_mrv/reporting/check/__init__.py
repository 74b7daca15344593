"""What ``check`` says: findings grouped, with room for answers, as text, JSON and workbook.

It needs no finished calculation, and finds nothing itself.
"""
