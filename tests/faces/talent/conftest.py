"""The cast of the people of quality, for tests of its pages."""

from tests.city.talent.conftest import cast, home

__all__ = ["cast", "home"]
