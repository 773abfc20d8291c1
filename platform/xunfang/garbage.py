"""What stays until a process ends is looked through for garbage no more.

Compiled rules are a hundred thousand objects for each jurisdiction. To look through them all, as the interpreter does
from time to time, took whoever asked for a page just then a tenth of a second for each jurisdiction.
"""

import gc


def keep_for_good() -> None:
    """Keep all that there is now: once a process has been put together, and when it has compiled other rules."""
    gc.collect()
    gc.freeze()
