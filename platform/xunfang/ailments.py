"""Ailments 毛病: what is not well with an installation, in the words of whoever has to see to it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ailment:
    """One thing that is not well: a stable code, what it is, what to do, and in whose jurisdiction ("": all).

    `notice` 提示: worth knowing, but nothing of the installation is out of order.
    """

    code: str
    message: str
    advice: str = ""
    jurisdiction: str = ""
    notice: bool = False

    def __str__(self) -> str:
        whose = f"{self.jurisdiction} " if self.jurisdiction else ""
        what = f"[{self.code}] {'提示：' if self.notice else ''}{whose}{self.message}"
        return f"{what}\n    怎么办：{self.advice}" if self.advice else what


def parted(code: str, text: str) -> Ailment:
    """Return an ailment told in one text, whose first sentence says what it is and the rest what to do."""
    message, stop, advice = text.partition("。")
    return Ailment(code, message + stop, advice)
