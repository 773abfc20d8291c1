"""Delivery 送达: the closed set of ways in which a paper reaches whoever it is for."""

from collections.abc import Mapping

from xunfang.rulebook.model import NoticeKind

WAYS: Mapping[str, str] = {
    "by-hand": "当面送交本人或承办人签收",
    "left": "拒收留置，有见证人",
    "entrusted": "委托他人转交",
    "mail": "挂号邮寄",
    "electronic": "经系统或电子邮箱发送",
    "posted": "张贴公布",
}
"""Every way there is, and what it is called."""

_USUAL: Mapping[str, tuple[str, ...]] = {
    "person": ("by-hand", "left", "entrusted", "mail", "electronic"),
    "unit": ("by-hand", "electronic", "mail", "posted"),
}


def ways_of(kind: NoticeKind) -> tuple[str, ...]:
    """Return the ways a kind of paper may be delivered: those its rules name, or those usual for whom it goes to."""
    return kind.delivery or _USUAL[kind.to]
