"""Circulars 通报: drafted by the office that issues them, signed off, numbered once, told to all they name, frozen."""

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from casework.county import rulebook_of
from xunfang.casework import Actor, Asked, Changes, Circular, File, advance
from xunfang.clock import parse
from xunfang.errors import Conflict, Invalid, NotAllowed
from xunfang.prove.memory import Memory
from xunfang.rules.circulars import circular_kind

BOSHAN, WENSHUI = rulebook_of("370304-boshan"), rulebook_of("141121-wenshui")
AT, KEYS = parse("2026-09-29T10:00:00"), count(1)
OFFICE, LATE = "leading-group-office", ("township:370304102", "medical-insurance-bureau")
LISTED = [{"label": "某镇", "count": 1, "longest": 3, "named": ["某事"], "rest": 0}]
WORDS = {"title": "通报", "to": "各单位", "opening": "如下：", "demand": "请办结。"}
TOLD = {**WORDS, "as_of": "2026-09-29", "units": LISTED}


def somebody(role: str, unit: str = OFFICE) -> Actor:
    return replace(Memory(BOSHAN).person(role, unit=unit), division="370304")


def do(verb: str, rows: tuple[Circular, ...], actor: Actor, version: int = 1, reason: str = "", **told: Any) -> Changes:
    given = {"told": TOLD, "units": LATE, **told} if verb == "draft-circular" else told
    asked = Asked(verb=verb, actor=actor, version=version, reason=reason, payload=given)
    return advance(BOSHAN, File(rows), asked, AT, lambda: f"{next(KEYS):08d}")


def the(changes: Changes) -> Circular:
    (found,) = (*changes.new, *(each.after for each in changes.changed))
    assert isinstance(found, Circular)
    return found


def printed(circular: Circular) -> Changes:
    """Return what the worker makes of a circular: numbered where it may be, printed, laid before somebody or issued."""
    machine = replace(somebody("supervisor"), account="", acts=frozenset(), reason="印制通报")
    numbered = do("number-circular", (circular,), machine, circular=circular.id)
    known = the(numbered) if numbered.changed else circular
    return do("print-circular", (known,), machine, circular=known.id, sha256="f" * 64, pages=1)


def drafted() -> Circular:
    return the(printed(the(do("draft-circular", (), somebody("supervisor")))))


def issued() -> Circular:
    draft = drafted()
    return the(printed(the(do("sign-circular", (draft,), somebody("leader"), circular=draft.id))))


def test_a_circular_is_drafted_signed_off_numbered_and_told_to_all_it_names() -> None:
    first = do("draft-circular", (), somebody("supervisor"))
    assert [event.name for event in first.events] == ["circular.drafted"]
    laid = printed(the(first))
    draft = the(laid)
    assert (draft.status, draft.number, laid.tellings[0].role) == ("draft", "", "leader")
    with pytest.raises(NotAllowed):
        do("sign-circular", (draft,), somebody("supervisor"), circular=draft.id)
    signed = the(do("sign-circular", (draft,), somebody("leader"), circular=draft.id))
    made = printed(signed)
    paper, (event,) = the(made), made.events
    assert (paper.status, paper.number, paper.issued_at) == ("issued", "博救组办通〔2026〕1号", AT)
    assert (event.name, event.data["named"], event.cites) == ("circular.issued", list(LATE), ("BS-三(二)-2",))
    assert event.data["sha256"] == paper.sha256 == "f" * 64
    assert {telling.unit for telling in made.tellings} == set(LATE)


def test_what_is_issued_stays_and_another_puts_it_right_once() -> None:
    paper, office = issued(), somebody("supervisor")
    for verb in ("withdraw-circular", "sign-circular", "refuse-circular"):
        with pytest.raises(Conflict):
            do(verb, (paper,), replace(office, acts=office.acts | {"sign-off"}), reason="更正", circular=paper.id)
    with pytest.raises(Conflict):
        do("draft-circular", (paper,), office, circular=paper.id)
    right = the(do("draft-circular", (paper,), office, units=(), corrects=paper.id))
    assert (right.corrects, right.units, right.id != paper.id) == (paper.id, LATE, True)  # told to all who were named
    again = replace(right, status="issued")
    with pytest.raises(Conflict, match="已经更正过"):
        do("draft-circular", (paper, again), office, units=(), corrects=paper.id)


def test_a_draft_is_changed_given_back_or_withdrawn_by_who_may() -> None:
    draft, office = drafted(), somebody("supervisor")
    other = the(do("draft-circular", (draft,), office, circular=draft.id, told={**TOLD, "title": "改过"}))
    assert (other.id, other.status, other.told["title"]) == (draft.id, "wanted", "改过")
    refused = do("refuse-circular", (draft,), somebody("leader"), reason="件数不对", circular=draft.id)
    assert (the(refused).reason, refused.tellings[0].unit) == ("件数不对", OFFICE)
    withdrawn = do("withdraw-circular", (the(refused),), office, reason="已办结", circular=draft.id)
    assert the(withdrawn).status == "withdrawn"
    with pytest.raises(Conflict):
        do("sign-circular", (draft,), somebody("leader"), version=7, circular=draft.id)


def test_nobody_else_drafts_one_and_none_is_drafted_without_words_or_units() -> None:
    with pytest.raises(NotAllowed, match="本单位"):
        do("draft-circular", (), somebody("supervisor", "service-centre"))
    with pytest.raises(Invalid) as wrong:
        do("draft-circular", (), somebody("supervisor"), told={**TOLD, "title": " ", "to": "长" * 201})
    assert [problem.field for problem in wrong.value.problems] == ["title", "to"]
    with pytest.raises(Invalid):
        do("draft-circular", (), somebody("supervisor"), units=())


def test_a_kind_without_a_seal_is_issued_by_whoever_drafts() -> None:
    kind = circular_kind(WENSHUI, "township:141121100")
    assert kind is not None
    assert (kind.seal, circular_kind(BOSHAN, "service-centre")) == ("", None)
