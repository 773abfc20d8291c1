"""The child process that prints: started once, kept warm, limited, and killed when a paper takes too long.

It is given a fontconfig file and a font list at its start, then answers one order after another. It opens no file of
the case, holds no key and sees none of the server's environment.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from xunfang.confinement import Answer, serve
from xunfang.printing.order import PrintError


def _prepare(settings: Mapping[str, Any]) -> Any:
    from xunfang.printing.faces import Faces  # the heavy libraries come after the limits
    from xunfang.printing.setting import Setter

    return partial(_print, Setter(Faces({role: Path(path) for role, path in settings["fonts"].items()})))


def _print(setter: Any, order: Mapping[str, Any], _: bytes) -> Answer:
    try:
        given = (order["template"], order["templates"], order["facts"], order["layout"])
        pdf, pages = setter.set_paper(*given, mark=order.get("mark", ""))
    except PrintError as error:
        return Answer({"code": error.code, "message": error.message})
    except (MemoryError, RecursionError):
        message = "文书排版占用过多内存，已停止。请检查模板或减少内容。"
        return Answer({"code": "TOO_HEAVY", "message": message}, ends=True)
    except Exception as error:
        message = f"文书排版出错（{type(error).__name__}），请把模板和事实交系统管理员检查。"
        return Answer({"code": "PRINT_FAILED", "message": message}, ends=True)
    return Answer({"pages": pages}, pdf)


if __name__ == "__main__":
    raise SystemExit(serve(_prepare))
