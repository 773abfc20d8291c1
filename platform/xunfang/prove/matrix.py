"""The clause matrix: for each clause of a jurisdiction's documents, the rules that cite it and how it stands."""

from collections.abc import Iterable
from dataclasses import dataclass

from xunfang.prove.citing import Cited, citing
from xunfang.prove.coverage import Coverage, coverage
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.model import Clause, Rulebook

EXERCISED = "有情景证明"
LIVED = "已能办理"
PARTLY = "部分已能办理"
DECIDED = "只能判断"
CITED = "有规则，尚无情景证明"
OPEN = "尚未落实"
_MOST = 12


@dataclass(frozen=True, slots=True)
class Standing:
    """One clause, the rules resting on it, and how it stands; `reason` says why no software carries it out.

    `lived` says how far the running system carries out what is proven; "" for what is not.
    """

    clause: Clause
    rules: tuple[str, ...]
    state: str
    reason: str = ""
    lived: str = ""


def standings(rulebook: Rulebook) -> tuple[Standing, ...]:
    """Return how each clause of the jurisdiction's own layers stands, proved by altering the rules that cite it."""
    found = coverage(rulebook, prove=True)
    rules = citing(rulebook)
    return tuple(_standing(rulebook.clauses[clause], rules.get(clause, ()), found) for clause in found.clauses)


def _standing(clause: Clause, rules: Iterable[Cited], found: Coverage) -> Standing:
    names = tuple(rule.name for rule in rules)
    if clause.not_software:
        return Standing(clause, names, "无须软件", clause.not_software)
    if clause.id not in found.exercised:
        return Standing(clause, names, CITED if names else OPEN)
    lived = LIVED if clause.id in found.lived else PARTLY if clause.id in found.partly_lived else DECIDED
    return Standing(clause, names, EXERCISED, lived=lived)


def page_of(rulebooks: list[Rulebook]) -> str:
    """Return the matrix of several jurisdictions as one Markdown page."""
    unlived = "、".join(kind.heading or kind.label for kind in KINDS.values() if kind.cites and not kind.lived)
    told = f"{unlived}目前只在情景里判断；" if unlived else ""
    parts = [_HEAD.format(unlived=told), *(_section(rulebook) for rulebook in rulebooks)]
    return "\n".join(parts)


_HEAD = """\
# 条款落实情况

本页由 `xunfang coverage --page docs/coverage.md` 生成，不要手改。“有情景证明”是指：改动或删去引用这一条的规则，
声称证明这一条的情景就会不符。“无须软件”的逐条写明理由。

有情景证明的，再看系统办理到哪一步：“已能办理”是指引用这一条的规则，系统都按它存下、显示或者印出；
“部分已能办理”是指其中有的规则目前只在情景里判断；“只能判断”是指引用它的规则系统都还没有办理。
{unlived}系统已经办理的各类规则中，没有个案、也没有单位会用到的，也算只能判断。
"""


def _section(rulebook: Rulebook) -> str:
    rows = standings(rulebook)
    counts = [(state, sum(row.state == state for row in rows)) for state in (EXERCISED, "无须软件", CITED, OPEN)]
    lived = [(word, sum(row.lived == word for row in rows)) for word in (LIVED, PARTLY, DECIDED)]
    lines = [
        f"## {rulebook.info.name}（{rulebook.id}）",
        "",
        f"条款 {len(rows)} 条：{_counted(counts)}。有情景证明的，{_counted(lived)}。",
        "",
        "| 条款 | 内容 | 依据这一条的规则 | 情况 | 系统办理 |",
        "| --- | --- | --- | --- | --- |",
        *(_row(row) for row in rows),
        "",
    ]
    return "\n".join(lines)


def _counted(counts: Iterable[tuple[str, int]]) -> str:
    return "，".join(f"{what} {count}" for what, count in counts if count)


def _row(row: Standing) -> str:
    more = f" 等{len(row.rules)}处" if len(row.rules) > _MOST else ""
    rules = "、".join(f"`{rule}`" for rule in row.rules[:_MOST]) + more
    state = f"{row.state}：{row.reason}" if row.reason else row.state
    return "| " + " | ".join(_cell(text) for text in (row.clause.id, row.clause.text, rules, state, row.lived)) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
