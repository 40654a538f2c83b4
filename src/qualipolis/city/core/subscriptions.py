"""What one verb sets off elsewhere: an early room tells, a late one listens, and neither imports the other way round.

Subscribers run at once, inside the transaction of the verb that tells: all of it happens or none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Subscriber = Callable[..., None]
_SUBSCRIBERS: dict[str, list[Subscriber]] = {}


def subscriber(news: str) -> Callable[[Subscriber], Subscriber]:
    """Register ``function(actor, thing, **facts)`` to be called when ``news`` is told, for example ``sample.failed``."""

    def decorate(function: Subscriber) -> Subscriber:
        listeners = _SUBSCRIBERS.setdefault(news, [])
        if function not in listeners:
            listeners.append(function)
        return function

    return decorate


def tell(actor: Any, news: str, thing: Any, **facts: Any) -> int:
    """Tell ``news`` of ``thing`` to everyone who listens, in the order they registered; return how many did.

    >>> heard = []
    >>> _ = subscriber("doctest.rang")(lambda actor, thing: heard.append((actor, thing)))
    >>> tell("Ann", "doctest.rang", "bell"), heard, tell("Ann", "doctest.silent", "bell")
    (1, [('Ann', 'bell')], 0)
    """
    listeners = _SUBSCRIBERS.get(news, [])
    for listen in listeners:
        listen(actor, thing, **facts)
    return len(listeners)
