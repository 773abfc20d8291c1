"""Issuing papers: the machinery lays a draft before whoever signs it, numbers what is signed, and issues it once."""

from collections.abc import Iterator, Mapping
from typing import Any

from xunfang.casework.draft import Draft, numbered
from xunfang.casework.informing import inform
from xunfang.casework.papers import needs_signature
from xunfang.casework.rows import Circular, Minutes, Notice
from xunfang.clock import local
from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.rules.units import division_of, document_word, former_units, unit_label

Made = Mapping[str, Any]
"""What the press made of a paper: `error`; or `facts` (sealed), `sha256`, `pages`, `template_digest`, and `signers`,
the units in which somebody may sign it off."""
AT_WORK = ("wanted", "signed")
"""How a paper stands while the worker has something to do about it."""


def number_paper(draft: Draft, notice: Notice) -> Notice:
    """Take the number of a paper that may be issued; one once taken belongs to its paper for ever."""
    kind = draft.rulebook.notices[notice.kind]
    if notice.status not in AT_WORK or notice.n is not None or not kind.number:
        return notice
    if needs_signature(draft.rulebook, notice):
        return notice
    taken = next_number(draft, kind.number, notice.unit)
    data = {"kind": notice.kind, "number": taken["number"]}
    draft.event("notice.numbered", case=notice.case, task=notice.task, data=data)
    return draft.change(notice, **taken)


def number_signed(draft: Draft, paper: Minutes | Circular) -> None:
    """Take the number of a paper of no case once it is signed off; once taken it is its own."""
    pattern = draft.rulebook.notices[paper.kind].number
    if paper.status == "signed" and paper.n is None and pattern:
        draft.change(paper, **next_number(draft, pattern, paper.unit))


def next_number(draft: Draft, pattern: str, unit: str) -> dict[str, Any]:
    """Take the next number of a pattern for a unit: what a paper keeps of it."""
    series, year, word = series_of(pattern, unit), local(draft.at).year, document_word(draft.rulebook, unit)
    n = draft.next_of(series, _of_the_same_word(draft.rulebook, pattern, unit))
    return {"series": series, "year": year, "n": n, "number": numbered(pattern, year, n, word)}


def _of_the_same_word(rulebook: Rulebook, pattern: str, unit: str) -> Iterator[str]:
    """Yield the series of units that a unit follows under their own word: what they gave out is not given out again."""
    word = document_word(rulebook, unit)
    return (series_of(pattern, each) for each in former_units(rulebook, unit) if document_word(rulebook, each) == word)


def series_of(pattern: str, unit: str) -> str:
    """Return the series a number is taken from: one for each pattern, and for each unit that exists per division."""
    return f"{pattern}@{division_of(unit)}" if division_of(unit) else pattern


def record_made(draft: Draft, notice: Notice, made: Made) -> None:
    """Write down what the press made of a paper: a draft that waits for its signature, the issued one, or a failure."""
    notice = number_paper(draft, notice)
    if notice.status not in AT_WORK:
        return
    if made.get("error"):
        _fail(draft, notice, str(made["error"]))
    elif needs_signature(draft.rulebook, notice):
        _lay_before(draft, _kept(draft, notice, made, "draft"), made)
    else:
        _issue(draft, _kept(draft, notice, made, "issued"))


def _kept(draft: Draft, notice: Notice, made: Made, status: str) -> Notice:
    told = {name: made[name] for name in ("facts", "sha256", "pages", "template_digest") if name in made}
    issued = {"issued_at": draft.at} if status == "issued" else {}
    return draft.change(notice, status=status, error="", **told, **issued)


def _lay_before(draft: Draft, notice: Notice, made: Made) -> None:
    """Tell the units of those who may sign a paper that it waits; where nobody may, its own unit hears of that."""
    kind = draft.rulebook.notices[notice.kind]
    draft.event("notice.drafted", case=notice.case, task=notice.task, data={"kind": kind.id}, rule=kind.id)
    number = draft.case(notice.case).number
    role = draft.rulebook.roles[kind.signed_off_by].label
    units, body = made.get("signers", ()), f"个案 {number} 的{kind.label}已拟好，请到“待签发”核对后签发。"
    if not units:
        units = told_of(draft, notice)
        body = f"个案 {number} 的{kind.label}须由{role}签发，但现在没有人担任，请安全管理员为有关人员开通这一角色。"
    for unit in units:
        _tell(draft, notice, unit, f"文书待签发：{kind.label}", body, f"draft:{draft.at.isoformat()}")


def _issue(draft: Draft, notice: Notice) -> None:
    kind = draft.rulebook.notices[notice.kind]
    printed = {"sha256": notice.sha256, "pages": notice.pages}
    data = {"kind": kind.id, "number": notice.number, "notice": notice.id, **printed}
    cites = kind.basis.cites
    draft.event("notice.issued", case=notice.case, task=notice.task, data=data, rule=kind.id, cites=cites)
    body = f"{kind.label}{notice.number}已制成，请打印、签章后送达，并登记送达情况。"
    for unit in told_of(draft, notice) if kind.signed_off_by else (notice.unit,):
        _tell(draft, notice, unit, f"文书待送达：{kind.label}", body, "issued")
    _announce(draft, notice, kind)


def _announce(draft: Draft, notice: Notice, kind: NoticeKind) -> None:
    """Tell those whom a kind of paper names 主送、抄送 that it was issued; the paper itself reaches them outside."""
    named = f"{unit_label(draft.rulebook, notice.unit)}的{kind.label}{notice.number}"
    for unit in notice.addressees if kind.units else ():
        if unit in draft.staffed:
            body = f"{named}已制成，主送贵单位，由制发单位送达。"
            draft.tell(unit, "copy", f"公文送达：{kind.label}", body, key=f"notice:{notice.id}:to:{unit}")
    for unit in notice.copies:
        inform(draft, draft.case(notice.case), unit, f"{named}", rule=kind.id, cites=kind.basis.cites)


def _fail(draft: Draft, notice: Notice, error: str) -> None:
    failed = draft.change(notice, status="failed", error=error)
    data = {"kind": notice.kind, "error": error}
    draft.event("notice.failed", case=notice.case, task=notice.task, data=data)
    title = f"文书未能制成：{draft.rulebook.notices[notice.kind].label}"
    _tell(draft, failed, notice.unit, title, error, f"failed:{notice.version}")


def told_of(draft: Draft, notice: Notice) -> tuple[str, ...]:
    """Return the units that hear what becomes of a paper: the one that issues it, and the one whose task wanted it.

    A unit that it is addressed to has not wanted it.
    """
    task = draft.task(notice.task) if notice.task else None
    wanted = task.unit if task and task.unit not in notice.addressees else ""
    return tuple(dict.fromkeys(unit for unit in (notice.unit, wanted) if unit)) or (notice.unit,)


def _tell(draft: Draft, notice: Notice, unit: str, title: str, body: str, key: str) -> None:
    key = f"notice:{notice.id}:{key}" + ("" if unit == notice.unit else f":{unit}")
    draft.tell(unit, "notice", title, body, key=key, case=notice.case, task=notice.task)
