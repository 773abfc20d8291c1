"""The jurisdiction 辖区 itself: jurisdiction.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from xunfang.rulebook.basis import NO_BASIS, Basis
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import UNREADABLE_LIMIT, Entry
from xunfang.rulebook.kind import Kind
from xunfang.rulebook.off_hours import OffHours, check_off_hours, off_hours_in
from xunfang.rulebook.office_hours import USUAL_HOURS, office_basis, office_in
from xunfang.worktime import Limit, LimitKind, Office, parse_limit, parse_office


class Amount(NamedTuple):
    """What a standard is from a day on, and by which paper where it has one of its own."""

    since: date
    value: float
    basis: Basis = NO_BASIS


@dataclass(frozen=True, slots=True)
class Standard:
    """A dated local value, such as the subsistence standard: a case uses the one in force on its day."""

    id: str
    label: str
    since: tuple[Amount, ...]
    basis: Basis

    def on(self, day: date) -> Amount | None:
        """Return the amount in force on a day, or None before the first."""
        return next((amount for amount in reversed(self.since) if amount.since <= day), None)


@dataclass(frozen=True, slots=True)
class JurisdictionInfo:
    """What `jurisdiction.toml` says of the jurisdiction 辖区 as a whole."""

    name: str
    brand: str
    serves: bool
    hotline: str
    office: Office
    soft: Mapping[str, Limit]  # what each soft word counts here
    standards: Mapping[str, Standard]
    office_basis: Basis = NO_BASIS  # by which clause the office keeps these hours, where one says so
    off_hours: tuple[OffHours, ...] = ()  # who hears of what is urgent while an office is closed


def build(draft: Draft) -> Mapping[str, Any]:
    """Return what jurisdiction.toml says."""
    whole = draft.whole("jurisdiction")
    info = JurisdictionInfo(
        name=whole.text("name"),
        brand=whole.text("brand"),
        serves=bool(whole.data.get("serves", True)),
        hotline=whole.text("hotline"),
        office=_office(whole),
        soft={word: _soft(whole.sub("soft"), word) for word in whole.data.get("soft", {})},
        standards={key: _standard(key, entry) for key, entry in whole.tables("standards")},
        off_hours=off_hours_in(whole),
        office_basis=office_basis(whole),
    )
    return {"info": info}


def _office(whole: Entry) -> Office:
    return office_in(whole) or parse_office(USUAL_HOURS)


def _soft(words: Entry, word: str) -> Limit:
    text = words.text(word)
    try:
        limit = parse_limit(text)
    except ValueError:
        limit = None
    if limit and limit.kind is not LimitKind.SOFT:
        return limit
    words.error(word, "LIMIT_UNREADABLE", f"期限“{text}”无法识别", '如 "3 workdays"、"24 hours"、"same day"')
    return UNREADABLE_LIMIT


def _standard(key: str, entry: Entry) -> Standard:
    since = [Amount(item.data["date"], float(item.data["value"]), item.basis()) for item in entry.items("since")]
    return Standard(key, entry.text("label"), tuple(sorted(since, key=_beginning)), entry.basis())


def _beginning(amount: Amount) -> date:
    return amount.since


def link(draft: Draft) -> None:
    """Check the clauses of the office hours, who answers off hours, and the basis of every standard."""
    check_off_hours(draft, "jurisdiction", (), draft.rules.info.off_hours)
    for clause in draft.whole("jurisdiction").data.get("office", {}).get("cites", ()):
        draft.check_clause("jurisdiction", ("office", "cites"), clause)
    for key, standard in draft.rules.info.standards.items():
        path = ("standards", key)
        own = [amount.basis for amount in standard.since]
        if not all(basis.cites or basis.practice for basis in own):
            draft.check_basis("jurisdiction", path, standard.basis)
        for clause in (clause for basis in (standard.basis, *own) for clause in basis.cites):
            draft.check_clause("jurisdiction", path, clause)


JURISDICTION = Kind(
    "jurisdiction",
    build,
    link,
    label="辖区",
    heading="辖区",
    title="辖区的基本情况",
    begins="""\
# 辖区的基本情况。没有写的都从上级继承。
name = {name}
# brand = "××救助"                        # 服务品牌，显示在页头和文书上
serves = true                              # 本级自己办理个案；只供下级继承的写 false
""",
    lived="上班时间和软性用语计入每个期限",
)
