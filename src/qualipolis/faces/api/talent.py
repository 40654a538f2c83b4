"""Open operations of training, certificates and awards."""

from ninja import Router

router = Router(tags=["talent"])
