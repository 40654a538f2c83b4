"""The cast of supervision sampling, for tests of its pages."""

from tests.city.supervise.conftest import cast, home

__all__ = ["cast", "home"]
