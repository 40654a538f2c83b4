"""Open operations of institutions and their scopes."""

from ninja import Router

router = Router(tags=["nqi"])
