"""The events of the directory of institutions, their scopes, and what nobody here can do, in words."""

from __future__ import annotations
