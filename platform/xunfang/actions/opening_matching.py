"""What the rows of an opening balance say before anything is done: right, wrong and why, or there already."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from xunfang.actions.accounts import LOGIN, login_taken, unit_and_role_problems
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.matching import digest_of
from xunfang.actions.people import holds_nothing, same_name
from xunfang.casework import Delivery, Listed
from xunfang.clock import SHANGHAI, local_date
from xunfang.division import Level, bounds
from xunfang.errors import FieldProblem
from xunfang.identity import RESIDENT
from xunfang.rulebook.model import Rulebook
from xunfang.rules.feeds import BAD, ENTITLED, NEW, OPEN_CASE, REPEATED, place_in
from xunfang.rules.flow import flow_opened_by
from xunfang.rules.identity_papers import number_of_person
from xunfang.rules.intake import Decision, decide
from xunfang.rules.kinship import HEAD
from xunfang.rules.listed import told_by
from xunfang.rules.openings import CASES, CLOSED, HELPED, OUTCOME, RECEIVED, STAFF, UNIT
from xunfang.sheets.said import Said
from xunfang.store import Account, Reader, connection
from xunfang.store.reading.feeds import held_by, known_people, open_cases_of, opened_before

_BESIDE = "opening-"
_OF_HOUSEHOLD = frozenset({"programme", "since", "amount", "members", "decision"})
Problems = list[FieldProblem]
Judged = tuple[str, str, Problems]
"""The verdict on a row, where somebody lives by it, and what is wrong."""


class OpeningMatcher:
    """Checks the rows of one list of an opening balance, some at a time. It writes nothing."""

    def __init__(self, deployment: Deployment, delivery: Delivery, rulebook: Rulebook, at: datetime) -> None:
        self.keys, self.delivery, self.rulebook, self.at = deployment.keys, delivery, rulebook, at
        self.feed, self.form = rulebook.feeds[delivery.feed], rulebook.forms[delivery.feed]
        self.today = local_date(at)
        self.seen: dict[str, str] = {}
        self.homes: dict[str, str] = {}
        self.heads: dict[str, str] = {}
        self.line, self.sideways = -1, False
        with connection(deployment.database, delivery.jurisdiction) as reader:
            account = reader.find(Account, delivery.by)
        assert account is not None
        self.actor: Actor = deployment.actor(account)

    def judged(self, reader: Reader, said: Said, first: int) -> list[Listed]:
        """Return some rows of the list, the first of them the `first`-th, each with the verdict."""
        told = told_by(self.rulebook, self.feed, self._meant(said), self.at)
        digests = [digest_of(self.keys, self.feed, answers) for answers in told.answers]
        before = opened_before(reader, self.delivery.jurisdiction, digests)
        found = []
        for place, (line, answers, digest) in enumerate(zip(said.rows, told.answers, digests, strict=True)):
            wrong = [self._said(problem) for problem in told.wrong.get(place, ())]
            verdict, residence, wrong = self._judged(reader, answers, digest, before, wrong)
            problems = [[problem.field, problem.message] for problem in wrong]
            cells = told.cells.get(place, {}) if problems else {}
            found.append(Listed(first + place, line, verdict, residence, answers, problems, cells))
        return found

    def _judged(
        self, reader: Reader, answers: Mapping[str, Any], digest: str, before: set[str], wrong: Problems
    ) -> Judged:
        if wrong:
            return BAD, "", wrong
        if digest in before or digest in self.seen:
            return REPEATED, "", []
        judge = {HELPED: self._helped, STAFF: self._account}.get(self.delivery.feed, self._case)
        verdict, residence, found = judge(reader, answers)
        if verdict == NEW:
            self.seen[digest] = ""
        return verdict, residence, found

    def _said(self, problem: FieldProblem) -> FieldProblem:
        """Return what is wrong with a cell as somebody is told who writes words, and chooses nothing."""
        field = self.form.fields.get(problem.field)
        if field is None or field.kind != "division" or problem.code == "FIELD_MISSING":
            return problem
        return replace(problem, message=f"“{field.title}”看不出是哪里，请写明，如“××镇××村”。")

    def _meant(self, said: Said) -> Said:
        """Return what rows mean: what a household has goes to who stands first, a bare number is a citizen's."""
        columns = {name: list(column) for name, column in said.columns.items()}
        for place, line in enumerate(said.rows):
            beside, self.line = line == self.line, line
            self.sideways |= beside
            for name in _OF_HOUSEHOLD & columns.keys() if beside else ():
                columns[name][place] = None
        return Said(said.rows, {**columns, **self._papers(columns, len(said.rows))}, said.refused)

    def _papers(self, columns: Mapping[str, list[Any]], count: int) -> Mapping[str, list[Any]]:
        """Return on which kind of paper numbers are, where rows tell the numbers alone: on a citizen's."""
        field = self.form.fields.get(self.form.person.get("id_number", ""))
        if field is None or field.paper not in self.form.fields or field.name not in columns:
            return {}
        kinds = self.rulebook.lists[self.form.fields[field.paper].list].entries.values()
        label = next((kind.label for kind in kinds if kind.check == RESIDENT), None)
        told = columns.get(field.paper) or [None] * count
        numbers = columns[field.name]
        return {field.paper: [each or (label if number else None) for each, number in zip(told, numbers, strict=True)]}

    def _within(self, place: str) -> bool:
        known = (bounds(division) for division in (self.actor.division, *self.actor.served) if division)
        return any(low <= place < high for low, high in known)

    # people already helped

    def _helped(self, reader: Reader, answers: Mapping[str, Any]) -> Judged:
        words = f"{answers.get('town', '')}{answers.get('address', '')}"
        residence = place_in(self.rulebook, words, Level.VILLAGE)
        wrong = [*self._dates(answers, "category_since", "since"), *self._place(residence), *_incomplete(answers)]
        if wrong := wrong or [*self._household(answers, residence)]:
            return BAD, residence, wrong
        name, number = str(answers["name"]), str(answers["id_number"])
        if not same_name(self.seen.setdefault(number, name), name):
            return BAD, residence, [_wrong("id_number", "本表另有一行是同一个号码、不同的姓名，请核对")]
        judged = self._known(reader, answers, residence)
        if judged[0] == NEW and answers.get("programme") and self._was_given(answers):
            return BAD, residence, [_wrong("programme", "本表另有一行写了此人同一项救助，请核对后只留一行")]
        return judged

    def _household(self, answers: Mapping[str, Any], residence: str) -> Iterator[FieldProblem]:
        """Yield why it cannot be told to which household somebody belongs: its number names another one, or is left
        out, as of merged cells in which the first row alone has one.
        """
        number, relation = str(answers.get("household", "")), str(answers.get("relation", ""))
        if not number:
            if relation not in ("", HEAD) and not self.sideways:
                yield _wrong("household", "不是户主的，请写明户编号，同一户的每一行都写同一个编号")
            return
        if self.homes.setdefault(number, residence) != residence:
            yield _wrong("household", "这个户编号在本表中已经用于另一个村的一户，请换一个，如在前面加上村名")
        elif relation == HEAD and self.heads.setdefault(number, str(answers["id_number"])) != answers["id_number"]:
            yield _wrong("household", "这个户编号在本表中已经有一位户主，请核对编号或者与户主关系")

    def _was_given(self, answers: Mapping[str, Any]) -> bool:
        """Return whether a row before told of the same: of a programme that goes on, whenever it began."""
        programme = self.rulebook.programmes[str(answers["programme"])]
        since = str(answers["since"]) if programme.held.lasts is not None else ""
        key = f"{answers['id_number']}|{programme.id}|{since}"
        was = key in self.seen
        self.seen[key] = ""
        return was

    def _known(self, reader: Reader, answers: Mapping[str, Any], residence: str) -> Judged:
        _, key = number_of_person(self.rulebook, self.form, answers)
        index = self.keys.blind_index(key)
        records = known_people(reader, self.delivery.jurisdiction, {index}, ())
        seen = [each for each in records if self._within(each.residence)]
        others = [each for each in seen if not same_name(each.name, str(answers["name"]))]
        if any(not holds_nothing(reader, each.id) for each in others):
            text = "这个号码在档案里登记的是另一个姓名，请核对后再导入"
            return BAD, residence, [_wrong("id_number", text)]
        held = held_by(reader, {each.id for each in seen}, self.today)
        programme = str(answers.get("programme", ""))
        if programme and any(programme in each for each in held.values()):
            return ENTITLED, residence, []
        return NEW, residence, []

    def _place(self, residence: str) -> Iterator[FieldProblem]:
        if not residence:
            text = "看不出住在哪个村（社区），请写明，如“××镇××村”"
            yield _wrong("address", text)
        elif not self._within(residence):
            yield _wrong("address", "不在您负责的区划内，由当地或者县里导入")

    def _dates(self, answers: Mapping[str, Any], *names: str) -> Iterator[FieldProblem]:
        for name in names:
            if answers.get(name) and date.fromisoformat(str(answers[name])) > self.today:
                yield _wrong(name, f"“{self.form.fields[name].title}”不能晚于今天")

    # accounts

    def _account(self, reader: Reader, answers: Mapping[str, Any]) -> Judged:
        unit, roles, login = str(answers["unit"]), tuple(answers["roles"]), str(answers.get("login", ""))
        wrong = unit_and_role_problems(self.rulebook, unit, roles)
        if login and not re.fullmatch(LOGIN, login):
            wrong.append(_wrong("login", "用户名用3至40位小写字母、数字、点、横线"))
        elif login and (login_taken(reader, login) or login in self.seen):
            wrong.append(_wrong("login", f"用户名“{login}”不能使用，请换一个，或者留空由系统编"))
        if wrong:
            return BAD, "", wrong
        there = reader.every(Account, jurisdiction=self.delivery.jurisdiction, unit=unit)
        if any(each.name == answers["name"] and each.state == "active" for each in there):
            return ENTITLED, "", []
        self.seen |= {login: ""} if login else {}
        return NEW, "", []

    # a running paper ledger

    def _case(self, reader: Reader, answers: Mapping[str, Any]) -> Judged:
        decision = decided(self.rulebook, self.delivery.feed, answers)
        residence = str(decision.facts.get("residence", ""))
        wrong = [*self._dates(answers, RECEIVED, CLOSED), *_ending(answers), *decision.problems]
        if residence and not self._within(residence):
            wrong.append(_wrong("", "此人住址不在您负责的区划内，由当地或者县里导入"))
        going_on = not answers.get(CLOSED)
        if not wrong and going_on and not answers.get(UNIT) and decision.table and not decision.proposals:
            wrong.append(_wrong(UNIT, "按规则看不出由谁办，请写明“承办单位”"))
        if wrong:
            return BAD, residence, wrong
        _, key = number_of_person(self.rulebook, decision.form, decision.answers)
        if going_on and key and decision.flow:
            if f"{key}|{decision.flow.id}" in self.seen:
                return OPEN_CASE, residence, []
            self.seen[f"{key}|{decision.flow.id}"] = ""
            indexes = {self.keys.blind_index(key)}
            records = {each.id for each in known_people(reader, self.delivery.jurisdiction, indexes, ())}
            if open_cases_of(reader, records, decision.flow.id):
                return OPEN_CASE, residence, []
        return NEW, residence, []


def decided(rulebook: Rulebook, feed: str, answers: Mapping[str, Any]) -> Decision:
    """Return what follows from a line of a paper ledger as of the day it was received; the rules know its form bare."""
    form, received = feed.removeprefix(CASES), received_at(answers)
    own = {name: value for name, value in answers.items() if not name.startswith(_BESIDE)}
    fields = rulebook.forms[form].fields
    if "found_at" in fields and "found_at" not in own:
        own["found_at"] = received.isoformat(timespec="seconds")
    return decide(rulebook, form, own, received)


def received_at(answers: Mapping[str, Any], name: str = RECEIVED) -> datetime:
    """Return the moment that stands for a day of a paper ledger: its morning."""
    return datetime.combine(date.fromisoformat(str(answers[name])), time(9), SHANGHAI)


def outcome_of(rulebook: Rulebook, feed: str, answers: Mapping[str, Any]) -> tuple[str, str]:
    """Return the state and the outcome by which a line of a paper ledger ended, ("", "") for one that goes on."""
    flow = flow_opened_by(rulebook, feed.removeprefix(CASES))
    state, _, outcome = str(answers.get(OUTCOME, "")).partition("/")
    return (state, outcome) if flow and state in flow.states else ("", "")


def _incomplete(answers: Mapping[str, Any]) -> Iterable[FieldProblem]:
    programme = answers.get("programme")
    if programme and not answers.get("since"):
        yield _wrong("since", "写了救助事项的，请写明从哪天起享受")
    if not programme and any(answers.get(name) for name in ("since", "amount", "members", "decision")):
        yield _wrong("programme", "写了起始日期、金额、保障人口或者文号的，请写明是哪一项救助")


def _ending(answers: Mapping[str, Any]) -> Iterable[FieldProblem]:
    if bool(answers.get(CLOSED)) != bool(answers.get(OUTCOME)):
        yield _wrong(OUTCOME, "“办结日期”和“办理结果”要么都填，要么都不填")
    if answers.get(CLOSED) and str(answers[CLOSED]) < str(answers[RECEIVED]):
        yield _wrong(CLOSED, "“办结日期”不能早于“受理日期”")


def _wrong(name: str, text: str) -> FieldProblem:
    return FieldProblem(name, f"{text}。", "ROW_WRONG")


def _told(problems: Iterable[FieldProblem]) -> list[list[str]]:
    return [[problem.field, problem.message] for problem in problems]
