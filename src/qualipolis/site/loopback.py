"""What counts as this machine and nothing else."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_SERVER",
    "HTTP_X_REAL_IP",
    "HTTP_X_CLIENT_IP",
    "HTTP_TRUE_CLIENT_IP",
    "HTTP_CF_CONNECTING_IP",
)


def is_loopback(address: str) -> bool:
    """Whether ``address`` is an IP address of this machine's loopback."""
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def host_name(host: str) -> str:
    """Return the name in a Host header without its port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def came_from_here(request: Any) -> bool:
    """Whether a request came from this machine, to a name of this machine, through nobody else."""
    return (
        is_loopback(request.META.get("REMOTE_ADDR", ""))
        and host_name(request.META.get("HTTP_HOST", "")) in LOOPBACK_HOSTS
        and not any(header in request.META for header in FORWARDED)
        and not request.is_secure()
    )


def refuse_demo_login_elsewhere(demo_login: bool, https: bool, hosts: Sequence[str]) -> None:
    """Raise ``ImproperlyConfigured`` when the demo sign-in is switched on for more than this machine."""
    if demo_login and https:
        raise ImproperlyConfigured("The demo sign-in and QUALIPOLIS_HTTPS exclude each other.")
    if demo_login and not set(hosts) <= set(LOOPBACK_HOSTS):
        raise ImproperlyConfigured("With the demo sign-in only localhost, 127.0.0.1 and [::1] can be served.")
