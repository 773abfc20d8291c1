"""What every kind of database promises the store, and what is said when one does not."""

import re

from xunfang.errors import Refused

BUSY_SECONDS = 20
"""How long a writer waits for the right to write before it is told to try again."""


class AddressUnusable(Refused, ValueError):
    """The database's address in the settings is of a kind that is not known."""

    code = "DATABASE_ADDRESS"


class PromiseBroken(Refused, RuntimeError):
    """The database lacks something that the store rests on."""

    code = "DATABASE_UNFIT"


class Stopped(Exception):
    """The time to look at a table was over before the look was."""


def without_password(url: str) -> str:
    """Return a database's address without the name and the password that may stand in it."""
    return re.sub(r"//[^/]*@", "//", url)


KEPT_OF_EVENTS = (
    '"n", "id", "at", "jurisdiction", "name", "case", "task", "actor", "actor_name", "unit", "data", "rule", "row", '
    '"cites", "prev", "hash", "place"'
)
"""All columns of an event but the envelope of what people wrote: it may be sealed anew, as long as before.

That its content is the same nobody but the chain can tell.
"""
