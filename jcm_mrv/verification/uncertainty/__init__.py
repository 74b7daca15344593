"""How sure the number is: what the errors of meters make of ER, by derivatives (GUM) and by Monte Carlo (JCGM 101).

It is information beside the claim and changes nothing of it: the claim is treated conservatively by rules of its own.
"""
