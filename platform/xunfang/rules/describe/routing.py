"""Routing tables in sentences, row by row."""

from collections.abc import Iterator

from xunfang.rulebook.basis import NO_BASIS
from xunfang.rulebook.model import RoutingTable, Row, Rulebook
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import unit_words, units_words


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every routing table and each of its rows."""
    for table in rulebook.routing.values():
        yield line(rulebook, table.id, _table(rulebook, table), NO_BASIS)
        for row in table.rows:
            when = condition_words(rulebook, row.when)
            text = f"{when}的，{_route(rulebook, row)}" if when else f"一律{_route(rulebook, row)}"
            yield line(rulebook, row.id, text, row.basis)
        if table.otherwise:
            text = f"以上情形都不符合的，{_route(rulebook, table.otherwise)}"
            yield line(rulebook, f"{table.id}.otherwise", text, table.otherwise.basis)


def _table(rulebook: Rulebook, table: RoutingTable) -> str:
    how = "逐行对照，符合几行就提出几个主办单位，同一单位的合并办理"
    text = f"{table.label}：{how if table.hit == 'collect' else '逐行对照，以最先符合的一行为准'}"
    if table.confirm == "nobody":
        return f"{text}；直接转办，不经批示"
    role = rulebook.roles.get(table.confirm)
    text += f"；拟办意见经{role.label if role else '负责人'}批示后转办"
    unless = condition_words(rulebook, table.confirm_unless)
    return f"{text}，但{unless}的不等批示、立即转办并报其知悉" if unless else text


def _route(rulebook: Rulebook, row: Row) -> str:
    if row.lead is None:
        meeting = rulebook.meetings[row.meeting]
        text = f"由{unit_words(rulebook, meeting.convenes)}提交{meeting.label}研究"
    else:
        text = f"由{unit_words(rulebook, row.lead)}主办"
    assist, informs = units_words(rulebook, row.assist), units_words(rulebook, row.informs)
    text += f"，{assist}协办" if assist else ""
    text += f"，抄送{informs}" if informs else ""
    return "，".join([text, *_terms(rulebook, row)])


def _terms(rulebook: Rulebook, row: Row) -> Iterator[str]:
    """Yield what a row says of its lead's task; where it says nothing, that of the state holds."""
    if row.deadline:
        yield f"执行“{rulebook.deadlines[row.deadline].label}”时限"
    if row.form:
        yield f"填写《{rulebook.forms[row.form].title}》"
    if row.prints is not None:
        kinds = "、".join(rulebook.notices[kind].label for kind in row.prints)
        yield f"印发{kinds}" if kinds else "不印发文书"
