"""What a project loosens of the rules that protect its claim: each such cell is judged by calculating without it.

Limits and rules themselves stand with what they check, not here.
"""
