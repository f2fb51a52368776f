"""Which addresses may be called. Somebody types them in: none may lead into our own network.

An address is looked at twice: when it is typed, so that a person hears why not, and when it
is called. What a name stands for may change in between, so a call goes to the very addresses
that were looked at and never asks the name again.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from tenants.errors import Refused

# IPv4 addresses in IPv6's clothes: a translator on the way would take them off. RFC 6052, 8215.
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))

Resolver = Callable[..., list[Any]]  # as socket.getaddrinfo


@dataclass(frozen=True)
class Allowed:
    """Where calls of one kind may go. *ports* None: any. *private*, for development only: http,
    any port, and addresses of one's own machine and network."""

    ports: frozenset[int] | None = None
    private: bool = False


@dataclass(frozen=True)
class Target:
    """An address taken apart. `path` has the query with it."""

    host: str
    port: int
    is_tls: bool
    path: str


@dataclass(frozen=True)
class Place:
    """Where a host is, as a socket connects to it."""

    family: int
    address: tuple[Any, ...]


class NotCallable(Refused):
    """This address is not called; `code` is short and stable, `message` is for people."""

    def __init__(self, code: str, message: Any) -> None:
        super().__init__(code, message, field="url")


def read_target(url: str, allowed: Allowed) -> Target:
    """*url* taken apart; NotCallable (`url`, `https`, `port`) where no name need be asked."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host = host if ":" in host else host.encode("idna").decode()
    except ValueError:  # a bad port, bracket or name
        raise NotCallable("url", _("This is not an address of a web server.")) from None
    path = parts.path or "/"
    path += f"?{parts.query}" if parts.query else ""
    is_plain = path.isascii() and url.isprintable() and " " not in url
    if not host or not is_plain or parts.fragment:
        raise NotCallable("url", _("This is not an address of a web server."))
    if parts.username is not None or parts.password is not None:
        raise NotCallable("url", _("Leave user and password out; our signature says who we are."))
    if parts.scheme not in (("https", "http") if allowed.private else ("https",)):
        raise NotCallable("https", _("The address must begin with https://."))
    is_tls = parts.scheme == "https"
    port = port or (443 if is_tls else 80)
    if not allowed.private and allowed.ports is not None and port not in allowed.ports:
        raise NotCallable("port", _("This port is not called."))
    return Target(host, port, is_tls, path)


def find_places(
    target: Target, allowed: Allowed, *, resolve: Resolver | None = None
) -> list[Place]:
    """Where *target* is now. NotCallable: `unknown_host`, or `private` if any place of it is."""
    try:
        found = (resolve or socket.getaddrinfo)(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotCallable("unknown_host", _("There is no server of this name.")) from None
    places = [Place(family, address) for family, _type, _proto, _name, address in found]
    if not places:
        raise NotCallable("unknown_host", _("There is no server of this name."))
    if not allowed.private:
        # One private place among public ones is refused too: no honest name needs that.
        for place in places:
            if not is_public(str(place.address[0])):
                raise NotCallable("private", _("This address is inside a private network."))
    return places


def is_public(text: str) -> bool:
    """True for an address of the open internet: not private, loopback, link-local (there the
    clouds keep their metadata), carrier-grade, reserved, multicast, nor one of these in IPv6."""
    address = ip_address(text.partition("%")[0])  # fe80::1%eth0 names a way out as well
    if isinstance(address, IPv6Address):
        inner = _inside(address)
        if inner is not None:
            return is_public(str(inner))
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that *address* stands for, if it does: mapped, translated or tunnelled."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None
