"""What the console says when a command fails: a sentence with a code and what to do; the rest goes into a file."""

import errno
import io
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xunfang import clock
from xunfang.errors import Invalid, Refused, RulebookError

DEVELOPING = "XUNFANG_TRACEBACK"
"""With this in the environment an unexpected failure shows itself whole on the console."""

_REASONS = {
    errno.ENOENT: "不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的磁盘只能读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EEXIST: "已经有了",
    errno.EIO: "读写出错，磁盘可能有故障",
    errno.EBUSY: "正被占用",
    errno.ESTALE: "所在的网络存储已经断开",
    errno.ETIMEDOUT: "等候超时",
    errno.ENAMETOOLONG: "名称太长",
    errno.ENOTEMPTY: "文件夹里还有东西",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.ENOMEM: "内存不够",
    errno.EISDIR: "是一个文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EADDRINUSE: "地址或端口已被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}


def speak_utf8() -> None:
    """Let the console take any character, whatever the locale of the machine or a foreign shell says."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with suppress(io.UnsupportedOperation):  # it was read from already
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")


@contextmanager
def ending_in_words(folder: Path) -> Iterator[None]:
    """Say what goes wrong in the block as a sentence on the console, and end with status 1.

    `folder` is the deployment's: what nobody foresaw is written into a file below it.
    """
    speak_utf8()
    try:
        yield
    except BrokenPipeError:  # whoever reads our words has gone
        raise SystemExit(1) from None
    except Exception as error:
        if os.environ.get(DEVELOPING) and not isinstance(error, (RulebookError, Refused, OSError)):
            raise
        print(said(error, folder), file=sys.stderr, flush=True)
        raise SystemExit(1) from None


def said(error: Exception, folder: Path) -> str:
    """Return what is told of any failure; where nobody foresaw it, where it happened is written into a file."""
    expected = isinstance(error, (RulebookError, Refused, OSError))
    return told(error) if expected else unexpected(error, folder)


def told(error: Exception) -> str:
    """Return what a person at the console is told of a failure that has words; raises any other."""
    if isinstance(error, RulebookError):
        problems = "\n".join(str(problem) for problem in error.problems)
        return f"{problems}\n\n共 {len(error.problems)} 处问题。"
    if isinstance(error, Invalid):
        return "\n  ".join((f"[{error.code}] {error.message}", *(problem.message for problem in error.problems)))
    if isinstance(error, Refused):
        place = getattr(error, "place", None)
        return f"[{error.code}] {error.message}" + (f"（写到 {place} 时）" if place else "")
    if isinstance(error, OSError):
        return _of_the_machine(error)
    raise error


def _of_the_machine(error: OSError) -> str:
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
    what = f"{error.filename} " if error.filename else ""
    return f"[SYSTEM_REFUSED] 操作系统没有允许这一步：{what}{reason}。请检查路径、权限和磁盘后再试。"


def unexpected(error: Exception, folder: Path) -> str:
    """Return what is told of a failure that nobody foresaw, after writing where it happened into a file.

    Its own words stay out of the file: they may hold a person's data.
    """
    kept = _kept(_account_of(error), folder)
    where = f"出错的位置记在 {kept}，请连同所用的命令交给维护人员" if kept else "出错的位置也没能记下（磁盘不可写）"
    return f"[UNEXPECTED] 程序出了没有预料到的错误（{type(error).__name__}），命令没有完成。{where}。"


def _account_of(error: BaseException | None) -> str:
    lines = [f"{clock.local(clock.now()):%Y-%m-%d %H:%M:%S}  {' '.join(Path(sys.argv[0]).name.split())}\n"]
    while error is not None:
        lines += [f"{type(error).__module__}.{type(error).__qualname__}\n", *traceback.format_tb(error.__traceback__)]
        error = error.__cause__ or error.__context__
    return "".join(lines) + "\n"


def _kept(text: str, folder: Path) -> Path | None:
    for path in _places(folder):
        try:
            with open(path, "a", encoding="utf-8", opener=_private) as file:
                file.write(text)
        except OSError:
            continue
        return path
    return None


def _places(folder: Path) -> Iterator[Path]:
    if (folder / "var").is_dir():
        yield folder / "var" / "errors.log"
    yield Path(tempfile.gettempdir()) / f"xunfang-errors-{os.getuid()}.log"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)
