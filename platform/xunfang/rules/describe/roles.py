"""Roles in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.basis import NO_BASIS
from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import ACTS, each_unit_words


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every role with the acts it may do, and where there must be some."""
    for role in rulebook.roles.values():
        text = f"{role.label}可以{'、'.join(ACTS[act] for act in role.may)}"
        text += "，外出时由指定的副岗代行" if role.deputy else ""
        yield line(rulebook, role.id, text, NO_BASIS)
        for staffing in role.staffed:
            unit = each_unit_words(rulebook, staffing.unit)
            text = f"{unit}至少要有{staffing.at_least}名{role.label}，缺人的在账号管理页上列出"
            yield line(rulebook, role.id, text, staffing.basis)
