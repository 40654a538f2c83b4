"""The cast of the federation, for tests of its pages."""

from tests.city.govern.conftest import cast, home

__all__ = ["cast", "home"]
