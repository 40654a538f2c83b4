"""The cast of the one-stop service, for tests of its pages."""

from tests.city.nqi.conftest import cast, home

__all__ = ["cast", "home"]
