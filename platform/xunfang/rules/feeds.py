"""Lists 名单 of departments: what a row says by its form, where somebody lives, and what follows from it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from xunfang.clock import local
from xunfang.division import Level
from xunfang.errors import FieldProblem
from xunfang.rulebook.kinds.feeds import UNIT
from xunfang.rulebook.model import Duty, Feed, Field, IntakeForm, Rulebook
from xunfang.rules.conditions import holds
from xunfang.rules.duties import owing, receivers
from xunfang.rules.facts import facts_of
from xunfang.rules.labels import answer_text
from xunfang.rules.submission import cleaned, problems
from xunfang.sheets.cells import CellRefused, read, text
from xunfang.sheets.heads import Head, plain

BAD, LEFT_OUT, ENTITLED, REPEATED = "bad", "left-out", "entitled", "repeated"
OPEN_CASE, LISTED, NEW, UNDONE = "open-case", "listed", "new", "undone"
VERDICTS: Mapping[str, str] = {
    NEW: "新线索",
    OPEN_CASE: "已有在办个案",
    ENTITLED: "已享受救助",
    LEFT_OUT: "不符合报送条件",
    REPEATED: "以前的名单已立过线索",
    LISTED: "只供比对",
    BAD: "有问题，未收",
    UNDONE: "已撤销",
}
"""What may become of somebody in a list, as pages call it."""

_CUT = re.compile("[、，,;；/]")
_VILLAGES = re.compile("(村民委员会|社区居民委员会|居民委员会|村委会|居委会|社区居委会)$")


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says: answers to the form of rows, and everything that is wrong with it."""

    answers: Mapping[str, Any]
    problems: tuple[FieldProblem, ...]


def duties_of(rulebook: Rulebook, unit: str) -> Iterator[Duty]:
    """Yield the duties under which a unit hands lists in."""
    yield from (duty for duty in rulebook.duties.values() if duty.feed and unit in owing(rulebook, duty))


def feeds_of(rulebook: Rulebook, unit: str) -> Mapping[str, tuple[str, ...]]:
    """Return the feeds under which a unit hands lists in, with the units that get them; itself where nobody else."""
    found = {duty.feed: receivers(rulebook, duty, unit) for duty in duties_of(rulebook, unit)}
    return {feed: to or (unit,) for feed, to in found.items() if feed in rulebook.feeds}


def feeds_to(rulebook: Rulebook, unit: str) -> tuple[str, ...]:
    """Return the feeds whose lists come to a unit."""
    duties = (duty for duty in rulebook.duties.values() if duty.feed)
    found = (duty.feed for duty in duties for each in owing(rulebook, duty) if unit in receivers(rulebook, duty, each))
    return tuple(dict.fromkeys(found))


# ----- heads


def words_of(rulebook: Rulebook, feed: Feed, remembered: Mapping[str, str]) -> dict[str, list[str]]:
    """Return by which words each column is known: those of the rules, the title of its field, and what was told."""
    form = rulebook.forms[feed.row_form]
    words = {name: [*heads, form.fields[name].title] for name, heads in feed.columns.items()}
    for name, heads in words.items():
        heads.extend(_USUAL.get(form.fields[name].kind, ()))
        heads.extend(word for word, column in remembered.items() if column == name)
    return words


_USUAL = {
    "resident-id": ("身份证", "身份证号", "身份证号码", "居民身份证号", "身份证件号", "证件号", "证件号码"),
    "phone": ("电话", "手机", "手机号", "手机号码", "联系方式", "电话号码"),
}
"""What offices call a column of a kind everywhere."""


def lacking(rulebook: Rulebook, feed: Feed, head: Head) -> tuple[str, ...]:
    """Return the columns without which no row can be taken in, that a head does not name."""
    return tuple(name for name in feed.columns if name in needed(rulebook, feed) and name not in head.names)


def needed(rulebook: Rulebook, feed: Feed) -> frozenset[str]:
    """Return the columns without which no row can be taken in."""
    fields = rulebook.forms[feed.row_form].fields
    must = {name for name in feed.columns if fields[name].required and not fields[name].when}
    return frozenset((must | {feed.match}) & feed.columns.keys())


def to_be_asked(rulebook: Rulebook, feed: Feed, head: Head) -> bool:
    """Return whether somebody must say what a column is: words are unknown while columns are missing."""
    return bool(lacking(rulebook, feed, head)) or (bool(head.unknown) and bool(feed.columns.keys() - head.names))


# ----- rows


def told_by(rulebook: Rulebook, feed: Feed, cells: Mapping[str, Any], at: datetime) -> Told:
    """Return what the cells of a row say by its form, and what is wrong with them."""
    form, said, refused = rulebook.forms[feed.row_form], dict[str, Any](), dict[str, FieldProblem]()
    for name, cell in cells.items():
        field = form.fields[name]
        try:
            said[name] = _answer(rulebook, field, cell)
        except CellRefused as problem:
            refused[name] = FieldProblem(name, f"“{field.title}”：{problem}。", "CELL_UNREADABLE")
    answers = cleaned(form, said)
    wrong = {problem.field: problem for problem in problems(rulebook, form, answers, at)} | refused
    return Told(answers, tuple(wrong.values()))


def _answer(rulebook: Rulebook, field: Field, cell: Any) -> Any:
    if field.kind in ("choice", "choices"):
        words = [text(cell)] if field.kind == "choice" else [each for each in _CUT.split(text(cell)) if each.strip()]
        found = [_entry(rulebook, field, word) for word in words]
        return found[0] if field.kind == "choice" else found
    if field.kind == "division":
        return place_in(rulebook, text(cell), field.level) or text(cell)
    return read(field.kind, cell)


def _entry(rulebook: Rulebook, field: Field, word: str) -> str:
    known = _entries(rulebook, field.list)
    if plain(word) in known:
        return known[plain(word)]
    some = "、".join(entry.label for entry in list(rulebook.lists[field.list].entries.values())[:8])
    raise CellRefused(f"没有“{word[:20]}”这一项，可填：{some}")


@lru_cache(maxsize=256)
def _entries(rulebook: Rulebook, of: str) -> Mapping[str, str]:
    entries = rulebook.lists[of].entries if of in rulebook.lists else {}
    return {plain(entry.label): key for key, entry in entries.items()}


def kept(rulebook: Rulebook, feed: Feed, facts: Mapping[str, Any]) -> bool:
    """Return whether a row is one of those that the feed asks for."""
    return holds(feed.keep_when, facts)


def covered(feed: Feed, facts: Mapping[str, Any], entitled: list[str]) -> bool:
    """Return whether somebody has already what keeps a row from becoming a clue."""
    return feed.unless is not None and holds(feed.unless, {**facts, "person.entitled": entitled})


def row_facts(rulebook: Rulebook, feed: Feed, answers: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    """Return the facts that the conditions of a feed read of a row."""
    return facts_of(rulebook, rulebook.forms[feed.row_form], answers, at)[0]


# ----- where somebody lives


def level_asked(rulebook: Rulebook, feed: Feed) -> str:
    """Return of which level the place must be where somebody lives, for the form that a row opens."""
    opens = rulebook.forms[feed.opens]
    field = opens.fields.get(opens.person.get("residence", ""))
    return field.level if field else ""


@lru_cache(maxsize=4096)
def place_in(rulebook: Rulebook, words: str, level: str) -> str:
    """Return the division of the jurisdiction that words name, of a level or the lowest; "" where none is clear."""
    told = "".join(words.split())
    towns = [code for code, names in _names(rulebook, Level.TOWNSHIP) if any(name in told for name in names)]
    within = towns[0] if len(towns) == 1 else ""
    if within and level == Level.TOWNSHIP:
        return within
    villages = [code for code, names in _names(rulebook, Level.VILLAGE) if any(name in told for name in names)]
    villages = [code for code in villages if code.startswith(within)] if within else villages
    if len(villages) == 1 and (within or not towns):
        return villages[0] if level != Level.TOWNSHIP else rulebook.divisions.ancestor(villages[0], Level.TOWNSHIP)
    return within if not level or (within and level == Level.TOWNSHIP) else ""


@lru_cache(maxsize=16)
def _names(rulebook: Rulebook, level: Level) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the divisions of a level with the ways in which addresses write their names."""
    found = []
    for each in rulebook.divisions.of_level(level, rulebook.code):
        ways = {each.name, _VILLAGES.sub("", each.name)}
        if level is Level.TOWNSHIP:
            ways |= {each.name.removesuffix("办事处")}
        else:
            bare = _VILLAGES.sub("", each.name).removesuffix("村").removesuffix("社区")
            ways = {each.name, f"{bare}村", f"{bare}社区"} if len(bare) > 1 else {each.name}
        found.append((each.code, tuple(sorted(way for way in ways if len(way) > 1))))
    return tuple(found)


# ----- what a row opens


def opening(
    rulebook: Rulebook, feed: Feed, answers: Mapping[str, Any], residence: str, at: datetime, unit: str
) -> dict[str, Any]:
    """Return the answers to the form that a row opens, as far as they are told by it; `unit` is who handed it in."""
    rows, opens = rulebook.forms[feed.row_form], rulebook.forms[feed.opens]
    made: dict[str, Any] = {name: value for name, value in answers.items() if _same(rows, opens, name)}
    for name, columns in feed.into.items():
        said = list(_said(rulebook, rows, answers, columns, unit))
        if said:
            most = opens.fields[name].schema.get("maxLength", 1000)
            made[name] = "；".join(said)[:most]
    made |= feed.sets
    if "found_at" in opens.fields:
        made["found_at"] = local(at).isoformat(timespec="seconds")
    if (field := opens.person.get("residence")) and residence:
        made[field] = residence
    return made


def _same(rows: IntakeForm, opens: IntakeForm, name: str) -> bool:
    return name in opens.fields and opens.fields[name].kind == rows.fields[name].kind


def _said(
    rulebook: Rulebook, rows: IntakeForm, answers: Mapping[str, Any], columns: tuple[str, ...], unit: str
) -> Iterator[str]:
    for column in columns:
        if column == UNIT:
            yield unit
        elif column in answers:
            words = answer_text(rulebook, rows.fields[column], answers[column])
            yield words if len(columns) == 1 else f"{rows.fields[column].title}：{words}"
