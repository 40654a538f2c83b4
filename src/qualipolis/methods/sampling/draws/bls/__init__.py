"""Verification of BLS signatures on the curve BLS12-381, in plain Python and for verification only.

Nothing here handles a secret, so nothing here runs in constant time. One verification takes about a second.
"""
