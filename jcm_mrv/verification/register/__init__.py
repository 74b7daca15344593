"""The register of requests between verifier and proponent: CAR, CL and FAR, in one file that both sides fill.

Requests are raised here and carried on from version to version; what a person wrote is never changed or lost, and
whether a request is closed is never decided here.
"""
