"""The Chinese names of what ids stand for, from the rules of a jurisdiction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from xunfang.casework.consulting import ANSWERED
from xunfang.casework.handling import ASSISTED
from xunfang.clock import parse
from xunfang.desk.faces import ClauseFace, Lines, TableFace
from xunfang.desk.moments import moment
from xunfang.rulebook.model import Basis, Field, IntakeForm, Rulebook
from xunfang.rules.conditions import holds
from xunfang.rules.describe.lines import clauses_text
from xunfang.rules.labels import answer_text, label_of
from xunfang.rules.units import unit_label

HIDDEN = "已加密保存"
_ENGINES = {ASSISTED: "已协助", ANSWERED: "已答复"}
"""Outcomes that no flow names: of tasks that only help."""
PERSONAL = {"id_number": "身份证号", "phone": "联系电话"}
"""What is kept with the person, whatever a form calls it."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Names by the rules of one jurisdiction; an id that the rules no longer know is shown as it is."""

    rulebook: Rulebook

    def on(self, day: date) -> "Labels":
        """Return the names with divisions called as they were on a day: what was recorded then keeps them."""
        return replace(self, rulebook=self.rulebook.on(day))

    def unit(self, unit: str) -> str:
        """Return the name of a unit as it stands in a case."""
        return unit_label(self.rulebook, unit)

    def place(self, code: str) -> str:
        """Return a division's name below the jurisdiction."""
        return self.rulebook.divisions.label(code, below=self.rulebook.code) if code else ""

    def sight(self, division: str, served: Sequence[str] = ()) -> str:
        """Return what an account of this division, whose unit serves others too, sees beyond its unit's own tasks."""
        if not division:
            return "只看交办给本单位的个案"
        if division == self.rulebook.code:
            return f"{self.rulebook.info.name}全部个案"
        return f"{'、'.join(self.place(each) for each in (division, *served))}的个案"

    def entry(self, list_id: str, id: str) -> str:
        """Return the label of a list's entry."""
        found = self.rulebook.lists.get(list_id)
        return found.label(id) if found else id

    def entries(self, list_id: str) -> tuple[tuple[str, str], ...]:
        """Return the entries of a list: (id, label)."""
        found = self.rulebook.lists.get(list_id)
        return tuple((entry.id, entry.label) for entry in found.entries.values()) if found else ()

    def answer(self, field: str, value: str) -> str:
        """Return the label of a coded answer that a case keeps under the field's own name, such as its needs."""
        return self.entry(_list_of(self.rulebook, field), value) if value else ""

    def choices(self, field: str) -> list[tuple[str, str]]:
        """Return the entries that a coded answer of this name may hold: (id, label)."""
        found = self.rulebook.lists.get(_list_of(self.rulebook, field))
        return [(entry.id, entry.label) for entry in found.entries.values()] if found else []

    def is_urgent(self, urgency: str) -> bool:
        """Return whether a case of this urgency goes out without waiting for anybody's word."""
        facts = {"urgency": urgency}
        unless = (table.confirm_unless for table in self.rulebook.routing.values())
        return bool(urgency) and any(holds(condition, facts) for condition in unless if condition is not None)

    def field(self, name: str) -> str:
        """Return the title of a field, of the first form that has one of this name."""
        if name in PERSONAL:
            return PERSONAL[name]
        found = (form.fields[name].title for form in self.rulebook.forms.values() if name in form.fields)
        return next(found, name)

    def stage(self, flow: str, state: str) -> str:
        """Return the label of a state of a flow."""
        found = self.rulebook.flows.get(flow)
        return found.states[state].label if found and state in found.states else state

    def flow(self, flow: str) -> str:
        """Return the label of a flow."""
        found = self.rulebook.flows.get(flow)
        return found.label if found else flow

    def programme(self, id: str) -> str:
        """Return the label of a programme."""
        found = self.rulebook.programmes.get(id)
        return found.label if found else id

    def reason(self, told: str) -> str:
        """Return why something was refused or ended: entries of lists by their labels, other words as they are."""
        known = {entry.id: entry.label for each in self.rulebook.lists.values() for entry in each.entries.values()}
        return "、".join(known.get(part, part) for part in told.split("、"))

    def duty(self, id: str) -> str:
        """Return the label of a duty."""
        found = self.rulebook.duties.get(id)
        return found.label if found else id

    def alert(self, kind: str) -> str:
        """Return the label of a kind of event."""
        found = self.rulebook.alerts.get(kind)
        return found.label if found else kind

    def response(self, kind: str) -> str:
        """Return what a kind of event is called while it is on."""
        found = self.rulebook.alerts.get(kind)
        return found.response if found else kind

    def level(self, kind: str, level: str) -> str:
        """Return the label of a level of a kind of event."""
        found = self.rulebook.alerts.get(kind)
        return found.labels.get(level, level) if found else level

    def item(self, subject: str, flow: str, rule: str) -> str:
        """Return the label of what of the rules a task is an instance of, by the kind of what it is about."""
        named = {"duty": self.duty, "alert": self.alert}.get(subject)
        return named(rule) if named else self.stage(flow, rule)

    def outcome(self, flow: str, state: str, outcome: str) -> str:
        """Return the label of an outcome; without a state, of the first state that has it."""
        if outcome in _ENGINES:
            return _ENGINES[outcome]
        found = self.rulebook.flows.get(flow)
        states = found.states.values() if found else ()
        for each in states:
            if outcome in each.outcomes and state in ("", each.id):
                return each.outcomes[outcome].label
        return outcome

    def decided(self, flow: str, outcome: str, decided: Iterable[Mapping[str, str]]) -> str:
        """Return how a case was decided: every outcome in it, whose it was where units that decided together differ."""
        kept = list(decided)
        told = dict.fromkeys(self._decision(flow, one, kept) for one in kept)
        return "；".join(told) or (self.outcome(flow, "", outcome) if outcome else "")

    def _decision(self, flow: str, one: Mapping[str, str], among: Iterable[Mapping[str, str]]) -> str:
        label = self.outcome(flow, one["state"], one["outcome"])
        together = {other["outcome"] for other in among if other["state"] == one["state"]}
        return f"{label}（{self.unit(one['unit'])}）" if len(together) > 1 else label

    def notice(self, kind: str) -> str:
        """Return the label of a kind of notice."""
        found = self.rulebook.notices.get(kind)
        return found.label if found else kind

    def deadline(self, id: str) -> str:
        """Return the label of a deadline."""
        found = self.rulebook.deadlines.get(id)
        return found.label if found else id

    def meeting(self, id: str) -> str:
        """Return the label of a meeting."""
        found = self.rulebook.meetings.get(id)
        return found.label if found else id

    def decision(self, meeting: str, id: str) -> str:
        """Return the label of what a meeting decides."""
        found = self.rulebook.meetings.get(meeting)
        return found.labels.get(id, id) if found else id

    def role(self, id: str) -> str:
        """Return the label of a role."""
        found = self.rulebook.roles.get(id)
        return found.label if found else id

    def clauses(self, ids: Iterable[str]) -> tuple[ClauseFace, ...]:
        """Return the clauses with these ids, each once, with the document they stand in."""
        return tuple(_clause(self.rulebook, id) for id in dict.fromkeys(ids))

    def basis(self, basis: Basis) -> tuple[ClauseFace, ...]:
        """Return what a rule rests on; a county's own practice stands like a clause."""
        practice = (ClauseFace("本地做法", basis.practice),) if basis.practice else ()
        return self.clauses(basis.cites) + practice

    def in_short(self, ids: Iterable[str]) -> str:
        """Return clauses in one line: each document once, then where in it they stand."""
        return clauses_text(self.rulebook, ids)

    def said(self, form: IntakeForm, answers: Mapping[str, Any]) -> tuple[Lines, ...]:
        """Return the answers to a form by section, in words; what is sensitive only says that it is kept."""
        sections = {**form.sections, "": "其他" if form.sections else ""}
        found = (self._section(form, id, title, answers) for id, title in sections.items())
        return tuple(section for section in found if section.lines or section.tables)

    def _section(self, form: IntakeForm, id: str, title: str, answers: Mapping[str, Any]) -> Lines:
        fields = [field for field in form.fields.values() if field.section == id and field.kind != "photos"]
        given = [field for field in fields if answers.get(field.name) not in (None, "", [])]
        lines = tuple((field.title, self.value(field, answers[field.name])) for field in given if not field.row)
        tables = tuple(self.rows(field, field.row, answers[field.name]) for field in given if field.row)
        return Lines(title, lines, tables)

    def rows(self, field: Field, row: IntakeForm, given: Any) -> TableFace:
        """Return the rows of an answer in words, without the columns that lie sealed."""
        if not isinstance(given, list):  # told by an earlier release, whose form asked in one text
            return TableFace(field.title, (field.title,), ((str(given),),), ())
        shown = [column for column in row.fields.values() if not column.sensitive]
        cells = tuple(
            tuple(self.value(column, each[column.name]) if column.name in each else "" for column in shown)
            for each in given
        )
        sealed = tuple(column.title for column in row.fields.values() if column.sensitive)
        return TableFace(field.title, tuple(column.title for column in shown), cells, sealed)

    def value(self, field: Field, value: Any) -> str:
        """Return one answer in words."""
        if field.sensitive:
            return HIDDEN
        if isinstance(value, bool):
            return "是" if value else "否"
        if field.row:
            return answer_text(self.rulebook, field, value)
        if isinstance(value, (list, tuple)):
            return "、".join(self.value(field, each) for each in value)
        return moment(parse(str(value))) if field.kind == "moment" else str(label_of(self.rulebook, field, value))


@lru_cache(maxsize=2048)
def _clause(rulebook: Rulebook, id: str) -> ClauseFace:
    """Return a clause with its document; a page of many rows asks for the same few again and again."""
    clause = rulebook.clauses.get(id)
    policy = rulebook.policies.get(clause.policy) if clause else None
    if clause is None or policy is None:
        return ClauseFace(id, "")
    return ClauseFace(clauses_text(rulebook, [id]), clause.text, policy.title)


@lru_cache(maxsize=256)
def _list_of(rulebook: Rulebook, field: str) -> str:
    """Return the list whose entries a field of this name holds, in the first form that has one."""
    found = (form.fields[field].list for form in rulebook.forms.values() if field in form.fields)
    return next((name for name in found if name), "")
