"""The clause matrix: for each clause of a jurisdiction's documents, the rules that cite it and how it stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from xunfang.prove.coverage import coverage
from xunfang.rulebook.model import Clause, Rulebook
from xunfang.rules.describe import sentences

EXERCISED = "有情景证明"
CITED = "有规则，尚无情景证明"
OPEN = "尚未落实"
_MOST = 12


@dataclass(frozen=True, slots=True)
class Standing:
    """One clause, the rules resting on it, and how it stands; `reason` says why no software carries it out."""

    clause: Clause
    rules: tuple[str, ...]
    state: str
    reason: str = ""


def standings(rulebook: Rulebook) -> tuple[Standing, ...]:
    """Return how each clause of the jurisdiction's own layers stands, proved by altering the rules that cite it."""
    found = coverage(rulebook, prove=True)
    rules = citing(rulebook)
    return tuple(
        _standing(rulebook.clauses[clause], tuple(rules.get(clause, ())), clause in found.exercised)
        for clause in found.clauses
    )


def _standing(clause: Clause, rules: tuple[str, ...], exercised: bool) -> Standing:
    if clause.not_software:
        return Standing(clause, rules, "无须软件", clause.not_software)
    return Standing(clause, rules, EXERCISED if exercised else CITED if rules else OPEN)


def citing(rulebook: Rulebook) -> dict[str, list[str]]:
    """Return, for each clause, the rules that cite it, as "kind id"; entries of lists included."""
    found: dict[str, list[str]] = {}
    for name, cites in (*_sentences(rulebook), *_entries(rulebook)):
        for clause in cites:
            rules = found.setdefault(clause, [])
            if name not in rules:
                rules.append(name)
    return found


def _sentences(rulebook: Rulebook) -> Iterator[tuple[str, tuple[str, ...]]]:
    for section in sentences(rulebook):
        for line in section.lines:
            yield f"{section.title} {line.id}", line.cites


def _entries(rulebook: Rulebook) -> Iterator[tuple[str, tuple[str, ...]]]:
    for list_id, entries in rulebook.lists.items():
        for entry in entries.entries.values():
            yield f"字典 {list_id}.{entry.id}", entry.basis.cites


def page_of(rulebooks: list[Rulebook]) -> str:
    """Return the matrix of several jurisdictions as one Markdown page."""
    parts = [_HEAD, *(_section(rulebook) for rulebook in rulebooks)]
    return "\n".join(parts)


_HEAD = """\
# 条款落实情况

本页由 `xunfang coverage --page docs/coverage.md` 生成，不要手改。“有情景证明”是指：改动或删去引用这一条的规则，
声称证明这一条的情景就会不符。“无须软件”的逐条写明理由。
"""


def _section(rulebook: Rulebook) -> str:
    rows = standings(rulebook)
    counts = [(state, sum(row.state == state for row in rows)) for state in (EXERCISED, "无须软件", CITED, OPEN)]
    lines = [
        f"## {rulebook.info.name}（{rulebook.id}）",
        "",
        f"条款 {len(rows)} 条：" + "，".join(f"{state} {count}" for state, count in counts if count) + "。",
        "",
        "| 条款 | 内容 | 依据这一条的规则 | 情况 |",
        "| --- | --- | --- | --- |",
        *(_row(row) for row in rows),
        "",
    ]
    return "\n".join(lines)


def _row(row: Standing) -> str:
    more = f" 等{len(row.rules)}处" if len(row.rules) > _MOST else ""
    rules = "、".join(f"`{rule}`" for rule in row.rules[:_MOST]) + more
    state = f"{row.state}：{row.reason}" if row.reason else row.state
    return "| " + " | ".join(_cell(text) for text in (row.clause.id, row.clause.text, rules, state)) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
