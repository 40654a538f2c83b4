"""The cast of the product hospital, for tests of its pages."""

from tests.city.hospital.conftest import cast, home

__all__ = ["cast", "home"]
