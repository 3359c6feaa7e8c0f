"""Which addresses a webhook may be sent to: none of this machine's own network.

Whoever can set up a webhook could otherwise make the server speak to what only it can reach
(server-side request forgery). A name is looked up once, every address it has must be a public one,
and the connection goes to the address that was looked at, so that the name cannot mean another one
a moment later.
"""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias
from urllib.parse import urlsplit

Network: TypeAlias = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")
_PORTS = {"https": 443, "http": 80}


class BadAddress(Exception):
    """The address cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: `ip` is where to connect, `host` whom to expect there."""

    scheme: str
    host: str
    port: int
    ip: str
    path: str


def parts_of(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path (with its query) of a webhook's address; raises BadAddress."""
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        raise BadAddress("This is no web address. It should read https://host/path.") from None
    if split.scheme not in _PORTS or not split.hostname:
        raise BadAddress("This is no web address. It should read https://host/path.")
    if split.username is not None or split.password is not None:
        raise BadAddress("Leave name and password out of the address; messages are signed.")
    path = (split.path or "/") + (f"?{split.query}" if split.query else "")
    return split.scheme, split.hostname, port or _PORTS[split.scheme], path


def resolved(url: str, allowed: Sequence[Network] = ()) -> Target:
    """The address with where to connect; raises BadAddress for one that may not be reached, and
    OSError when the name cannot be looked up just now.

    `allowed` are networks of the organisation's own that an admin has opened for webhooks.
    """
    scheme, host, port, path = parts_of(url)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    for address in addresses:
        if not is_reachable(address, allowed):
            raise BadAddress(
                f"{host} is inside a private network. Webhooks go to public addresses, or to "
                "networks that INSIGHTS_WEBHOOK_NETWORKS allows."
            )
    return Target(scheme, host, port, addresses[0], path)


def is_reachable(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether webhooks may be sent to this IP address."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        # Addresses of the old kind in new clothes count as what they are.
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ip_address(int(ip) & 0xFFFFFFFF)  # type: ignore[assignment]
        if inner is not None:
            return is_reachable(str(inner), allowed)
    if any(ip.version == one.version and ip in one for one in allowed):
        return True
    return ip.is_global and not ip.is_multicast
