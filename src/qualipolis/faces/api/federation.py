"""Open operations of the federation."""

from ninja import Router

router = Router(tags=["federation"])
