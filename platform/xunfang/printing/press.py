"""The server's side of the press: one warm child process, one order at a time, killed and started anew at need."""

import hashlib
from pathlib import Path

from xunfang.confinement import Confined, HangupError, Limits, WarmChild
from xunfang.printing.fonts import font_files, write_fontconfig
from xunfang.printing.logos import sent
from xunfang.printing.order import Paper, PrintError, PrintOrder, plain_facts

Fonts = dict[str, Path]

USUAL = Limits(memory=1_500_000_000, cpu=20, wall=30.0)
"""What one paper may cost."""


class Press:
    """Prints orders one after another in a child process; safe to share between threads."""

    def __init__(self, limits: Limits = USUAL) -> None:
        self._limits = limits
        self._child: WarmChild[Fonts] = WarmChild(self._begin)

    def print_paper(self, order: PrintOrder) -> Paper:
        """Return the finished paper. Raises PrintError; after any error the next order is printed as usual."""
        request = {
            "template": order.template,
            "templates": sent(order.templates),
            "facts": plain_facts(order.facts),
            "layout": order.layout,
            "mark": order.mark,
        }
        try:
            answer, pdf = self._child.ask(font_files(order.font_dir, order.fonts), request)
        except HangupError:
            raise PrintError(
                "TOO_HEAVY", "文书排版超出允许的时间或内存，已停止。请检查模板或减少内容后再打印。"
            ) from None
        if "code" in answer:
            raise PrintError(str(answer["code"]), str(answer["message"]))
        return Paper(pdf, hashlib.sha256(pdf).hexdigest(), int(answer["pages"]))

    def warm_up(self, font_dir: Path, fonts: dict[str, str]) -> None:
        """Start the child before the first order comes."""
        self._child.ready(font_files(font_dir, fonts))

    def close(self) -> None:
        """End the child, if there is one."""
        self._child.close()

    def _begin(self, fonts: Fonts) -> Confined:
        settings = {"fonts": {role: str(path) for role, path in fonts.items()}}
        try:
            return Confined(
                "xunfang.printing.child",
                self._limits,
                settings,
                lambda folder: {"FONTCONFIG_FILE": str(write_fontconfig(fonts, folder))},
            )
        except HangupError:
            raise PrintError("PRESS_DOWN", "打印程序无法启动，请检查安装是否完整。") from None


_PRESS = Press()


def print_paper(order: PrintOrder) -> Paper:
    """Return the finished paper, printed by this server process's own warm press. Raises PrintError."""
    return _PRESS.print_paper(order)


def warm_up(font_dir: Path, fonts: dict[str, str]) -> None:
    """Start the press ahead of the first order, so that nobody waits the second or two it takes."""
    _PRESS.warm_up(font_dir, fonts)
