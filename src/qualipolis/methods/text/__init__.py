"""Texts that people wrote: how like two are, and what in them would tell who is meant."""
