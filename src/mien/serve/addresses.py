"""Names, ports and addresses as the Host and Origin headers have them."""

from __future__ import annotations

import ipaddress
import re

__all__ = ["HOST", "WILDCARDS", "has_port", "is_address", "is_loopback", "split"]

HOST = re.compile(r"(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::(\d{1,5}))?")
WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 (they are told apart, not bound)


def is_address(name: str) -> bool:
    """Whether a name is an address in numbers, which no stranger's name server decides about."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address.

    Example:
        >>> is_loopback("127.0.0.1"), is_loopback("[::1]"), is_loopback("0.0.0.0")
        (True, True, False)
    """
    name = host.strip("[]").lower()
    return name == "localhost" or (is_address(name) and ipaddress.ip_address(name).is_loopback)


def split(given: str, *, secure: bool) -> tuple[str, int]:
    """Return the name and port of an address, the port of the scheme where none is given.

    Example:
        >>> split("Example.org.", secure=True)
        ('example.org', 443)
    """
    match = HOST.fullmatch(given)
    name, port = match.groups() if match else (given, None)
    return name.strip("[]").rstrip(".").lower(), int(port) if port else (443 if secure else 80)


def has_port(given: str) -> bool:
    """Whether an address names a port."""
    match = HOST.fullmatch(given)
    return match is not None and match.group(2) is not None
