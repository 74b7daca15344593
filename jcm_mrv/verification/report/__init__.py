"""The draft of a verification report: facts that the program knows, and blanks that are the verifier's to fill.

No sentence here says or suggests a conclusion.
"""
