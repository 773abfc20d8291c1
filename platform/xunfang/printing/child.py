"""The child process that prints: started once, kept warm, limited, and killed when a paper takes too long.

It is given a fontconfig file and a font list at its start, then answers one order after another on its standard input
and output. It opens no file of the case, holds no key and sees none of the server's environment.
"""

import os
import resource
from pathlib import Path
from typing import Any, BinaryIO

from xunfang.printing.frames import HangupError, receive_json, send, send_json
from xunfang.printing.order import PrintError


def main() -> int:
    """Serve until the pipe closes. Returns the exit status."""
    orders, answers = _pipes()
    try:
        _serve(orders, answers)
    except HangupError:
        return 0
    return 1


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return the two pipes, and point the standard output elsewhere so that no stray print breaks a frame."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return os.fdopen(os.dup(0), "rb", buffering=0), answers


def _serve(orders: BinaryIO, answers: BinaryIO) -> None:
    start = receive_json(orders)
    limit_memory(start["memory"])
    from xunfang.printing.faces import Faces  # the heavy libraries come after the limits
    from xunfang.printing.setting import Setter

    setter = Setter(Faces({role: Path(path) for role, path in start["fonts"].items()}))
    send_json(answers, {"ready": True})
    while True:
        order = receive_json(orders)
        allow_cpu(start["cpu"])
        if not _answer(setter, order, answers):
            return


def _answer(setter: Any, order: dict[str, Any], answers: BinaryIO) -> bool:
    """Answer one order; returns False when this process had better not go on."""
    try:
        pdf, pages = setter.set_paper(order["template"], order["templates"], order["facts"], order["layout"])
    except PrintError as error:
        send_json(answers, {"code": error.code, "message": error.message})
        return True
    except (MemoryError, RecursionError):
        send_json(answers, {"code": "TOO_HEAVY", "message": "文书排版占用过多内存，已停止。请检查模板或减少内容。"})
        return False
    except Exception as error:
        message = f"文书排版出错（{type(error).__name__}），请把模板和事实交系统管理员检查。"
        send_json(answers, {"code": "PRINT_FAILED", "message": message})
        return False
    send_json(answers, {"pages": pages})
    send(answers, pdf)
    return True


def limit_memory(size: int) -> None:
    """Limit the address space to `size` bytes, and allow neither core files nor big files."""
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 26, 1 << 26))


def allow_cpu(seconds: int) -> None:
    """Allow this process so many more seconds of processor time than it has used; the kernel ends it after that."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, resource.RLIM_INFINITY))


if __name__ == "__main__":
    raise SystemExit(main())
