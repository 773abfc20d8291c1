"""Who holds a lease. A holder of this machine that no longer lives loses its leases at once, not after minutes."""

import os
import socket
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def holder_of(pid: int) -> str:
    """Return the name under which a living process of this machine holds leases, "" when there is no such process.

    It holds machine, boot, process namespace, number and start, so that a number used again is not taken for the same.
    """
    try:
        # The command may hold blanks and brackets, so the fields are counted from its closing bracket on.
        state, *fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        namespace = Path("/proc/self/ns/pid").readlink().name
        return "" if state in "ZX" else f"{socket.gethostname()}|{_boot()}|{namespace}|{pid}|{fields[18]}"
    except OSError:
        return ""


def this_holder() -> str:
    """Return the name under which this process holds leases; where /proc is missing, one that is never found dead."""
    pid = os.getpid()
    return holder_of(pid) or f"{socket.gethostname()}|?|?|{pid}|?"


def is_dead(holder: str) -> bool:
    """Return whether a holder is known to be dead; of another machine or namespace nothing is known."""
    parts = holder.split("|")
    here = this_holder().split("|")
    if len(parts) != len(here) or parts[0] != here[0] or "?" in (parts[1], here[1]):
        return False
    if parts[1] != here[1]:
        return True
    return parts[2] == here[2] and parts[3].isdecimal() and holder_of(int(parts[3])) != holder


def _boot() -> str:
    return _BOOT.read_text("ascii").strip()
