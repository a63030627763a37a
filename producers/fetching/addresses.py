"""Which addresses may be connected to, so that nobody's link leads us into a private network."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from concurrent.futures import Executor
from functools import partial

from producers.fetching.exchange import FetchError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
# What Python's `is_global` lets through: special purposes, and ways of writing an IPv4 address inside an
# IPv6 one, which lead where the network that we are in says.
_SPECIAL = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10")))
_CARRIERS = tuple(
    map(
        ipaddress.ip_network,
        (
            "::/96",
            "::ffff:0:0/96",
            "::ffff:0:0:0/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2001::/32",
            "2002::/16",
        ),
    )
)


def is_public(address: Address) -> bool:
    """Whether it lies in the open internet: not private, loopback, link-local, shared, multicast,
    reserved or unspecified, and no IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4, Teredo).
    """
    if any(address in network for network in (*_SPECIAL, *_CARRIERS)):
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    )


def literal_address(host: str) -> Address | None:
    """The address that `host` is, without brackets; `None` for a name.

    Raises `FetchError` (`bad_url`) for a number that is no address in full, such as `2130706433`,
    `0x7f.1` or `0177.0.0.1`, each of which the C library takes for 127.0.0.1.
    """
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
            raise FetchError("bad_url", f"{host} is no address and no name") from None
        return None


async def checked_addresses(
    host: str, port: int, *, allow_private: bool, resolvers: Executor | None = None
) -> list[str]:
    """The addresses of `host`, best first, all of them allowed. Names are resolved in `resolvers`' threads.

    Raises `FetchError`: `private_address` if one is not public, `connection_failed` if there is none.
    """
    literal = literal_address(host)
    addresses = [literal] if literal is not None else await _resolve(host, port, resolvers)
    for address in addresses:
        if not allow_private and not is_public(address):
            raise FetchError(
                "private_address", f"{host} leads to {address}, which is not in the open internet"
            )
    return [str(address) for address in addresses]


async def _resolve(host: str, port: int, resolvers: Executor | None) -> list[Address]:
    asking = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = await asyncio.get_running_loop().run_in_executor(resolvers, asking)
    except (OSError, UnicodeError) as error:  # UnicodeError: a label too long
        raise FetchError("connection_failed", f"{host} has no address: {error}") from None
    return list(dict.fromkeys(ipaddress.ip_address(each[4][0]) for each in found))
