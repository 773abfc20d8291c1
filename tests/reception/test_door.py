"""A held door: nobody new comes in, whoever is in goes on, and who knocked meanwhile comes in when it is opened."""

import socket
import threading
from contextlib import closing

import pytest

from xunfang.reception import hold_door, open_door

SECONDS = 60


def test_who_is_in_goes_on_and_who_knocks_waits_until_the_door_is_opened() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        address = listening.getsockname()
        open_door(listening.fileno())  # nothing held it
        with closing(socket.create_connection(address, SECONDS)) as visitor:
            inside, _ = listening.accept()
            hold_door(listening.fileno())
            with closing(inside):
                visitor.sendall(b"x" * 100_000)
                assert inside.recv(100)
            with pytest.raises(TimeoutError):
                socket.create_connection(address, 0.5)
        opening = threading.Timer(0.5, open_door, (listening.fileno(),))
        opening.start()
        socket.create_connection(address, SECONDS).close()
        opening.join()
