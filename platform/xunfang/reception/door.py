"""The door: a listening socket that takes no new visitor for a moment, without turning away who has entered.

A server that ends cannot close its socket without a loss: whoever was let in by the system and had no turn yet would
have sent a request that nobody reads, and could not know it. So the system is first told to overlook the knocking (the
TCP segments that ask for a connection): the visitor's own system knocks again by itself, after a second, three, seven.
Meanwhile those who are in get their turn, and then nobody is left to be lost.
"""

import contextlib
import ctypes
import socket
import struct

_ATTACH_FILTER, _DETACH_FILTER = 26, 27
"""Linux's SO_ATTACH_FILTER and SO_DETACH_FILTER, which the socket module does not name."""
_FLAGS_AT, _SYN, _SYN_OR_ACK = 13, 0x02, 0x12
_OVERLOOK_KNOCKING = (
    (0x30, 0, 0, _FLAGS_AT),  # the flags of the segment,
    (0x54, 0, 0, _SYN_OR_ACK),  # of these SYN and ACK:
    (0x15, 0, 1, _SYN),  # SYN alone
    (0x06, 0, 0, 0),  # is dropped,
    (0x06, 0, 0, 0xFFFFFFFF),  # anything else comes in
)


def hold_door(fd: int) -> None:
    """Let no new connection begin on a listening socket, whoever shares it; nothing where there are no such filters."""
    program = b"".join(struct.pack("=HBBI", *step) for step in _OVERLOOK_KNOCKING)
    kept = ctypes.create_string_buffer(program, len(program))
    _set(fd, _ATTACH_FILTER, struct.pack("@HP", len(_OVERLOOK_KNOCKING), ctypes.addressof(kept)))


def open_door(fd: int) -> None:
    """Let new connections begin again; harmless where they may."""
    _set(fd, _DETACH_FILTER, struct.pack("@i", 0))


def _set(fd: int, option: int, value: bytes) -> None:
    with contextlib.suppress(OSError), socket.fromfd(fd, socket.AF_INET, socket.SOCK_STREAM) as shared:
        shared.setsockopt(socket.SOL_SOCKET, option, value)
