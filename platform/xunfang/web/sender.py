"""Where a request comes from: the address of its sender, as far as it can be trusted, and the browser's own mark."""

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import g, request

from xunfang.actions.places import Place, address_mark, marked_device
from xunfang.web.cookies import device_mark, give_device

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from xunfang.web.site import Site

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
ONE_HOUSE = 64
"""So many leading bits of an IPv6 address belong to one subscriber, who may use any address behind them."""


def address(site: "Site") -> str:
    """Return the keyed hash of the address a request comes from; worked out once for each request."""
    if "address" not in g:
        g.address = address_mark(site.deployment.keys, _counted(_sender(site.gateways)))
    return str(g.address)


def place(site: "Site") -> Place:
    """Return from where somebody tries to enter."""
    return Place(address(site), device_mark(request.cookies, site.https))


def remember_device(response: "Response", site: "Site", account: str) -> None:
    """Let this browser be known as one from which an account was entered."""
    mark = marked_device(site.deployment.keys, device_mark(request.cookies, site.https), account)
    give_device(response, mark, site.https)


RELAYED = ("X-Forwarded-For", "X-Real-IP", "Forwarded")
"""What a gateway adds to a request that it passes on."""


def is_monitor(site: "Site") -> bool:
    """Return whether a request comes from an address that may watch the service.

    What came by a gateway that is not believed came from anywhere, however near the gateway is.
    """
    relayed = any(name in request.headers for name in RELAYED)
    gateway = _parsed(request.remote_addr or "")
    believed = (
        "X-Forwarded-For" in request.headers and gateway is not None and any(gateway in each for each in site.gateways)
    )
    sender = _sender(site.gateways)
    if sender is None or (relayed and not believed):
        return False
    return any(sender in network for network in site.monitors)


def _sender(gateways: Iterable[Network]) -> Address | None:
    """Return the address of the sender: behind gateways of ours, the last that they did not add for one another."""
    trusted = tuple(gateways)
    hops = [hop.strip() for hop in ",".join(request.headers.getlist("X-Forwarded-For")).split(",") if hop.strip()]
    sender = _parsed(request.remote_addr or "")
    while sender is not None and hops and any(sender in network for network in trusted):
        before = _parsed(hops.pop())
        if before is None:
            break
        sender = before
    return sender


def _parsed(text: str) -> Address | None:
    host, colon, port = text.rpartition(":")
    if colon and port.isdecimal() and ("." in host or host.endswith("]")):
        text = host.strip("[]")  # some gateways, and some servers, tell the port too
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _counted(sender: Address | None) -> str:
    if isinstance(sender, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((sender, ONE_HOUSE), strict=False))
    return "" if sender is None else str(sender)
