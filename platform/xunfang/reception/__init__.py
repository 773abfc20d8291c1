"""Receiving requests: whoever is slow, idle or many waits outside, and takes no working thread from anybody else.

bodies   take in what is sent, within limits of time and memory, before a thread has to do with it
lanes    threads for the work, apart by kind, each with a bounded queue
environ  a request as WSGI applications know it
desk     the ASGI application that puts these together around a WSGI application
door     the listening socket, held for a moment while nobody new may come in
server   granian, on a socket that was opened before
"""

from xunfang.reception.bodies import Bodies, Patience
from xunfang.reception.desk import Reception
from xunfang.reception.door import hold_door, open_door
from xunfang.reception.lanes import Lane
from xunfang.reception.refusals import TurnedAway
from xunfang.reception.server import serve_on

__all__ = ["Bodies", "Lane", "Patience", "Reception", "TurnedAway", "hold_door", "open_door", "serve_on"]
