"""The lists of the directory of institutions, their scopes, and what nobody here can do that can be taken along."""

from __future__ import annotations
