"""What a child may cost, and what the kernel refuses it: memory, time, files, the network, other programs."""

import ctypes
import platform
import resource
import struct
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one order may cost: address space and answer in bytes, processor and wall-clock time in seconds."""

    memory: int
    cpu: int
    wall: float
    answer: int = 64 * 1024 * 1024


def limit_memory(size: int) -> None:
    """Limit the address space to `size` bytes, and allow neither core files nor big files."""
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 26, 1 << 26))


def allow_cpu(seconds: int) -> None:
    """Allow this process so many more seconds of processor time than it has used; the kernel ends it after that."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, resource.RLIM_INFINITY))


_X86 = {"socket": 41, "connect": 42, "execve": 59, "execveat": 322, "ptrace": 101, "io_uring_setup": 425}
_GENERIC = {"socket": 198, "connect": 203, "execve": 221, "execveat": 281, "ptrace": 117, "io_uring_setup": 425}
_MACHINES = {
    "x86_64": (0xC000003E, _X86), "aarch64": (0xC00000B7, _GENERIC), "loongarch64": (0xC0000102, _GENERIC),
}  # fmt: skip
"""By machine, its number in the kernel's audit records, and the numbers of the calls that a child has no use for."""

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # refused calls fail with EPERM
_FOREIGN = 0x40000000
"""From here on x86-64 counts the calls of another convention, which none of ours uses."""
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


def refuse_outside() -> bool:
    """Have the kernel refuse this process sockets and other programs, for good; returns whether it could be done.

    It needs no privilege. Where the kernel or the machine does not know it, the other limits stand alone.
    """
    known = _MACHINES.get(platform.machine())
    if known is None:
        return False
    code = _filter(*known)
    block = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(code) // 8, ctypes.addressof(block)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    alone: int = prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return alone == 0 and prctl(_SECCOMP, _FILTER, ctypes.addressof(program), 0, 0) == 0


def _filter(machine: int, calls: dict[str, int]) -> bytes:
    """Return the filter in the kernel's own little language: each step is a code, two jumps and an operand."""
    refused = sorted(calls.values())
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _REFUSE), (_LOAD, 0, 0, 0)]
    steps.append((_AT_LEAST, len(refused) + 1, 0, _FOREIGN))
    steps += [(_EQUAL, len(refused) - place, 0, number) for place, number in enumerate(refused)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("<HBBI", *step) for step in steps)
