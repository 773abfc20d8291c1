"""Papers as items: drafted, signed off, numbered, issued, delivered and filed; or refused, failed, void."""

from dataclasses import replace
from typing import Any

import pytest

from casework.county import County, rulebook_of
from xunfang.casework import Actor, Asked, Changes, Notice, paper_verbs
from xunfang.casework.issuing import series_of
from xunfang.casework.papers import may_sign
from xunfang.errors import Conflict, Invalid, NotAllowed
from xunfang.rulebook.delivery import WAYS, ways_of
from xunfang.rules.units import document_word

REFUSED = {"visited_on": "2026-03-10", "investigators": "两人", "findings": "不符合条件。", "eligible": False}
WHY = {"refusal_reason": "supporters", "refusal_text": "子女有赡养能力。"}
MACHINE = Actor("", "系统", "370304-boshan", "", "", (), frozenset(), "印制文书")


class Desk(County):
    """A county with a case whose refusal has been decided, and people who do something about its paper."""

    def refused(self, person: str = "person") -> Notice:
        case = self.report(person)
        self.confirm(case)
        task = self.task(case)
        told = {"answers": {**REFUSED, **WHY}, "submission": self.memory.new_id()}
        self.do("complete", task, outcome="ineligible", **told)
        self.later(seconds=0)
        return self.paper("refusal-notice", case.id)

    def paper(self, kind: str, case: str = "") -> Notice:
        found = [row for row in self.all(Notice) if row.kind == kind and case in ("", row.case)]
        return max(found, key=lambda row: row.id)

    def now(self, notice: Notice) -> Notice:
        found = self.memory.rows[notice.id]
        assert isinstance(found, Notice)
        return found

    def act(self, verb: str, notice: Notice, *roles: str, **told: Any) -> Notice:
        actor = self.memory.person(*(roles or ("leader",)), unit=told.pop("unit", "service-centre"))
        asked = Asked(verb=verb, actor=actor, paper=notice.id, **{"version": notice.version, **told})
        self.memory.do(asked, self.at, [self.case(notice.case)])
        self.later(seconds=0)
        return self.now(notice)

    def made(self, notice: Notice, **told: Any) -> Changes:
        payload = {"notice": notice.id, **told}
        asked = Asked(verb="issue-notice", actor=MACHINE, payload=payload)
        return self.memory.do(asked, self.at, [self.case(notice.case)])


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_refusal_is_laid_before_the_leader_and_has_no_number_before_the_signature(desk: Desk) -> None:
    draft = desk.refused()
    assert (draft.status, draft.n, draft.number, draft.issued_at) == ("draft", None, "", None)
    desk.later(days=2)
    issued = desk.act("sign-off", draft)
    assert (issued.status, issued.number) == ("issued", "博社救不〔2026〕1号")
    assert issued.signed_at == issued.issued_at == desk.at
    told = [event.name for event in desk.memory.events if event.data.get("kind") == "refusal-notice"]
    assert told == [f"notice.{what}" for what in ("wanted", "drafted", "signed", "numbered", "issued")]


def test_only_the_role_that_the_kind_names_signs_and_only_a_draft(desk: Desk) -> None:
    draft = desk.refused()
    with pytest.raises(NotAllowed, match="分管领导签发"):
        desk.act("sign-off", draft, "clerk")
    with pytest.raises(NotAllowed):
        desk.act("refuse-sign-off", draft, "supervisor", reason="不行")
    issued = desk.act("sign-off", draft)
    with pytest.raises(Conflict, match="已制成"):
        desk.act("sign-off", issued)
    clerk = desk.memory.person("clerk")
    assert not may_sign(desk.rulebook, replace(clerk, roles=("leader",), acts=frozenset({"print"})), draft.kind)


def test_the_word_of_the_leader_on_a_dispatch_signs_the_slip_that_carries_it_out(desk: Desk) -> None:
    case = desk.report()
    desk.confirm(case)
    desk.later(seconds=0)
    slip = desk.paper("transfer-slip")
    assert (slip.status, slip.signed_by, slip.number) == ("issued", "account-service-centre", "博社救转〔2026〕1号")


def test_a_slip_that_went_out_without_anybodys_word_waits_for_its_signature(desk: Desk) -> None:
    desk.report(urgency="emergency", danger="独居断粮")
    desk.later(seconds=0)
    assert desk.paper("transfer-slip").status == "draft"


def test_who_waits_for_whom_is_told(desk: Desk) -> None:
    draft = desk.refused()
    desk.memory.rows[draft.id] = draft = replace(draft, status="wanted")
    desk.made(draft, signers=("service-centre", "leading-group-office"))
    told = [told for told in desk.memory.tellings if told.title.startswith("文书待签发")]
    assert [each.unit for each in told[-2:]] == ["service-centre", "leading-group-office"]
    before = len(desk.memory.tellings)
    desk.act("sign-off", desk.now(draft))
    assert [(each.unit, each.title) for each in desk.memory.tellings[before:]] == [
        ("service-centre", "文书待送达：不予救助告知书"),
        (desk.memory.rows[draft.task].unit, "文书待送达：不予救助告知书"),  # type: ignore[union-attr]
    ]


def test_where_nobody_may_sign_the_unit_hears_of_it(desk: Desk) -> None:
    desk.refused()
    assert "没有人担任" in [told.body for told in desk.memory.tellings if told.title.startswith("文书待签发")][-1]


def test_a_refused_draft_goes_back_with_a_reason_and_is_made_again(desk: Desk) -> None:
    draft = desk.refused()
    with pytest.raises(Invalid, match="没有执行"):
        desk.act("refuse-sign-off", draft, reason=" ")
    back = desk.act("refuse-sign-off", draft, reason="理由没有写清。")
    assert (back.status, back.n) == ("refused", None)
    assert desk.events("notice.refused")[0].data["reason"] == "理由没有写清。"
    assert "理由没有写清" not in repr(back)  # the reason stands in the record alone
    units = {told.unit for told in desk.memory.tellings if told.title.startswith("文书不予签发")}
    assert units == {"service-centre", getattr(desk.memory.rows[draft.task], "unit", "")}
    again = desk.act("remake-paper", back, "clerk")
    assert (again.status, again.id) == ("draft", draft.id)
    assert desk.act("sign-off", again).number == "博社救不〔2026〕1号"


def test_what_was_seen_is_what_is_signed(desk: Desk) -> None:
    draft = desk.refused()
    for verb in ("sign-off", "refuse-sign-off", "void-paper"):
        paper = draft if verb != "void-paper" else desk.act("sign-off", draft)
        with pytest.raises(Conflict, match="刚刚有变动"):
            desk.act(verb, paper, version=paper.version + 1, reason="理由")


def test_a_void_paper_keeps_its_number_and_another_takes_the_next(desk: Desk) -> None:
    first = desk.act("sign-off", desk.refused())
    with pytest.raises(NotAllowed):
        desk.act("void-paper", first, "clerk", reason="写错")
    void = desk.act("void-paper", first, reason="姓名写错。")
    assert (void.status, void.number) == ("void", "博社救不〔2026〕1号")
    desk.act("remake-paper", void, "clerk")
    second = desk.paper("refusal-notice")
    assert second.id != void.id
    assert second.key == f"{void.key}#2"
    assert desk.act("sign-off", second).number == "博社救不〔2026〕2号"
    assert desk.now(void).status == "void"
    third = desk.act("void-paper", desk.now(second), reason="又写错。")
    desk.act("remake-paper", third, "clerk")
    assert desk.paper("refusal-notice").key == f"{void.key}#3"


def test_whoever_may_have_a_paper_in_hand_is_told_that_it_is_void(desk: Desk) -> None:
    case = desk.report("person")
    desk.confirm(case)
    desk.later(seconds=0)
    slip = desk.paper("transfer-slip", case.id)
    assert (slip.status, slip.addressees) == ("issued", (desk.task(case).unit,))
    desk.act("void-paper", slip, reason="写错。")
    told = {each.unit: each.body for each in desk.memory.tellings if each.title == "文书作废：线索转办单"}
    assert set(told) == {slip.unit, *slip.addressees}
    assert all(slip.number in body and "写错" not in body for body in told.values())


def test_asking_again_for_a_void_paper_twice_makes_one(desk: Desk) -> None:
    void = desk.act("void-paper", desk.act("sign-off", desk.refused()), reason="写错。")
    desk.act("remake-paper", void, "clerk")
    desk.act("remake-paper", void, "clerk")
    assert len([row for row in desk.all(Notice) if row.kind == "refusal-notice"]) == 2


def test_a_paper_that_failed_is_made_again_with_its_number_by_the_release_in_force(desk: Desk) -> None:
    draft = desk.refused()
    signed = replace(draft, status="signed", signed_by="account-leader", signed_at=desk.at)
    desk.memory.rows[draft.id] = signed
    desk.made(signed, error="模板中没有“姓名”。")
    failed = desk.now(draft)
    assert (failed.status, failed.number, failed.error) == ("failed", "博社救不〔2026〕1号", "模板中没有“姓名”。")
    again = desk.act("remake-paper", failed, "administrator", payload={"release": "later"})
    assert (again.status, again.release, again.signed_at) == ("draft", "later", None)  # laid before the leader anew
    assert desk.case(draft.case).release == draft.release
    assert desk.events("notice.wanted_again")[-1].data["release"] == "later"
    issued = desk.act("sign-off", again)
    assert (issued.status, issued.number) == ("issued", "博社救不〔2026〕1号")
    assert len(desk.events("notice.numbered")) == 1 + len(
        [row for row in desk.all(Notice) if row.kind == "transfer-slip"]
    )


def test_what_was_refused_is_printed_by_the_release_of_its_case(desk: Desk) -> None:
    back = desk.act("refuse-sign-off", desk.refused(), reason="不清。")
    assert desk.act("remake-paper", back, "clerk", payload={"release": "later"}).release == back.release


def test_a_paper_is_delivered_in_one_of_its_ways_on_a_day_that_was(desk: Desk) -> None:
    issued = desk.act("sign-off", desk.refused())
    desk.later(days=1)
    for way, day in (("posted", "2026-03-11"), ("mail", "2026-03-12"), ("mail", "2026-03-09"), ("mail", "昨天")):
        with pytest.raises(Invalid, match="送达没有登记"):
            desk.act("deliver", issued, "clerk", way=way, day=day)
    filed = desk.act("deliver", issued, "clerk", way="mail", day="2026-03-11")
    (told,) = filed.deliveries
    assert (filed.status, told["to"], told["way"], told["on"]) == ("filed", "", "mail", "2026-03-11")
    with pytest.raises(Conflict, match="已送达归档"):
        desk.act("deliver", filed, "clerk", way="mail", day="2026-03-11")


def test_ways_are_a_closed_set_that_a_kind_may_narrow() -> None:
    kinds = rulebook_of("370304-boshan").notices
    assert ways_of(kinds["subsistence-posting"]) == ("posted",)
    assert "posted" not in ways_of(kinds["refusal-notice"])
    assert all(set(ways_of(kind)) <= set(WAYS) for kind in kinds.values())


def test_what_a_paper_offers_follows_how_it_stands(desk: Desk) -> None:
    leader, clerk = desk.memory.person("leader"), desk.memory.person("clerk")
    notice = desk.refused()
    offered = {
        status: tuple(verb.id for verb in paper_verbs(desk.rulebook, leader, replace(notice, status=status)))
        for status in ("wanted", "draft", "signed", "refused", "failed", "issued", "filed", "void")
    }
    assert offered == {
        "wanted": (),
        "draft": ("sign-off", "refuse-sign-off"),
        "signed": (),
        "refused": ("remake-paper",),
        "failed": ("remake-paper", "void-paper"),
        "issued": ("deliver", "void-paper"),
        "filed": ("void-paper",),
        "void": ("remake-paper",),
    }
    assert not paper_verbs(desk.rulebook, clerk, notice)


def test_units_of_divisions_never_give_out_the_same_number() -> None:
    for layer in ("370304-boshan", "141121-wenshui", "3705-dongying", "62-gansu", "6205-tianshui", "500229221-heyu"):
        rulebook = rulebook_of(layer)
        for kind in rulebook.notices.values():
            unit = rulebook.units.get(kind.seal)
            assert not (kind.number and unit and unit.per and "{unit}" not in kind.number), (layer, kind.id)
    rulebook = rulebook_of("370304-boshan")
    assert document_word(rulebook, "township:370304102") == "域城"
    assert document_word(rulebook, "township:370304103") == rulebook.divisions.name("370304103")
    assert document_word(rulebook, "civil-affairs") == "博民"
    assert document_word(rulebook, "nobody") == document_word(rulebook, "service-centre") == ""
    assert series_of("{unit}〔{year}〕{n}号", "township:370304102") != series_of(
        "{unit}〔{year}〕{n}号", "township:370304103"
    )


def test_two_townships_number_the_same_kind_each_in_its_own_name(desk: Desk) -> None:
    rulebook = rulebook_of("370304-boshan")
    kind = replace(rulebook.notices["refusal-notice"], seal="township", number="{unit}救不〔{year}〕{n}号")
    desk = Desk(replace(rulebook, notices={**rulebook.notices, kind.id: kind}))
    numbers = []
    for person, place in (("a", "370304102200"), ("b", "370304103201"), ("c", "370304102200")):
        case = desk.report(person, residence=place)
        desk.confirm(case)
        told = {"answers": {**REFUSED, **WHY}, "submission": desk.memory.new_id()}
        desk.do("complete", desk.task(case), outcome="ineligible", **told)
        desk.later(seconds=0)
        numbers.append(desk.act("sign-off", desk.paper("refusal-notice", case.id)).number)
    second = rulebook.divisions.name("370304103")
    assert numbers == ["域城救不〔2026〕1号", f"{second}救不〔2026〕1号", "域城救不〔2026〕2号"]
