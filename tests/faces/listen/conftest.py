"""The cast of listening, for tests of its pages."""

from tests.city.listen.conftest import cast, home

__all__ = ["cast", "home"]
