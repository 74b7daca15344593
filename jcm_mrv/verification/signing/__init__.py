"""Signatures of a package's manifest and of the PDF: made with a person's key, and checked by a stranger, offline.

What belongs here speaks of keys, certificates and what they signed. Whether the signed report is right is no business
of a signature: the rest of the room says that.
"""
