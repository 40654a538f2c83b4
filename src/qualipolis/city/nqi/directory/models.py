"""The directory of institutions, their scopes, and what nobody here can do."""

from __future__ import annotations
