"""A synthetic city with known truth, at any scale. Every name in it is invented and every row says that it is synthetic."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

DEFAULT_SEED = 2022


def build_city(
    home: Path, seed: int = DEFAULT_SEED, scale: str = "city", progress: Callable[[str, float], None] | None = None
) -> None:
    """Generate the synthetic city (or province) and fill the database with it; keep its truth beside as truth.json.

    ``progress`` is called with a message id and the share of the work done. Nothing is left half done: the rows go in
    as one transaction.
    """
    from qualipolis.demo.load import fill

    fill(Path(home), seed, scale, progress or (lambda message, share: None))
