"""A verifier's sample: what it is drawn from, how large, which items, and what a filled-in worksheet shows.

Statistics come from SciPy. Nothing here changes the claim or writes a conclusion.
"""
