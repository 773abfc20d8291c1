"""存为情景: what was tried on a draft becomes a scenario that proves it from then on; the person in it is invented."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from xunfang.actions.case_stories import Deed
from xunfang.clock import local, parse
from xunfang.identity import make_id
from xunfang.prove.scenarios import ImpossibleStepError, Story, plain
from xunfang.rulebook.model import Field, IntakeForm, Rulebook
from xunfang.rulebook.toml_print import printed_lines
from xunfang.rules.intake import Decision

Step = dict[str, Any]
_PHONE, _NAME = "13800000000", "张某某"
_RESIDENT = re.compile(r"(?P<region>\d{6})(?P<born>\d{8})\d{2}(?P<sex>\d)[0-9Xx]")
_TASK = ("state", "unit", "due_at", "counted")


def scenario_text(
    rulebook: Rulebook,
    decision: Decision,
    at: datetime,
    label: str,
    proves: Iterable[str],
    confirmed: Collection[str] = (),
    done: Iterable[Deed] = (),
) -> str:
    """Return a scenario file: what was reported at a moment, and what comes of it by these rules.

    `done`: what people did about it then, told as far as these rules let them do it.
    """
    told = _in_toml(decision.form, invented(decision.form, decision.answers))
    moment = local(at).replace(tzinfo=None, microsecond=0)
    first: Step = {"at": moment, "submit": decision.form.id, "answers": told}
    if sure := sorted(confirmed):
        first["confirmed"] = sure
    steps = _played(rulebook, decision, first, tuple(done))
    head = printed_lines(("label",), label)
    if cites := list(proves):
        head += printed_lines(("proves",), cites)
    return "\n".join(head) + "\n" + "".join(f"\n{_printed(step)}" for step in steps)


def free_name(paths: Collection[str], layer: str, change_set: str) -> str:
    """Return a path for one more scenario of a layer; two change sets never take the same."""
    number = 1
    while (path := f"workflows/{layer}/scenarios/tried-{change_set[-6:]}-{number}.toml") in paths:
        number += 1
    return path


def _played(rulebook: Rulebook, decision: Decision, first: Step, done: Sequence[Deed]) -> list[Step]:
    """Return the steps with what is seen after each, written as what they expect."""
    story = Story(rulebook)
    seen = story.play(first)
    if seen["problems"]:
        return [{**first, "expect": {"problems": seen["problems"]}}]
    steps = [{**first, "expect": _expected(seen, decision.in_time is not None)}]
    if done:
        return [*steps, *_gone_on(story, done)]
    if decision.flow and decision.needs_confirmation:
        second: Step = {"at": first["at"], "act": "confirm-dispatch"}
        try:
            seen = {**story.play(second), "proposed": ()}
        except ImpossibleStepError:  # such as where a meeting decides
            return steps
        steps.append({**second, "expect": _expected(seen)})
    return steps


def _gone_on(story: Story, done: Sequence[Deed]) -> Iterator[Step]:
    """Yield what was done about a case as far as it can be done; beyond a task that cannot be completed nothing is."""
    for deed in done:
        step = _step(story.rulebook, deed)
        try:
            seen = {**story.play(step), "proposed": ()}
        except ImpossibleStepError:
            if deed.act == "complete":
                return
            continue
        if seen["problems"]:
            return
        yield {**step, "expect": _expected(seen)}


def _step(rulebook: Rulebook, deed: Deed) -> Step:
    step: Step = {"at": local(deed.at).replace(tzinfo=None, microsecond=0), "act": deed.act}
    form = rulebook.forms.get(deed.form)
    if deed.act == "complete":
        step |= {"unit": deed.unit, "outcome": deed.outcome}
    if form and (answers := {name: value for name, value in deed.answers.items() if name in form.fields}):
        step["answers"] = _in_toml(form, answers)
    return step


def _expected(seen: Mapping[str, Any], arrives: bool = False) -> dict[str, Any]:
    """Return what is to be expected again of what was seen."""
    found: dict[str, Any] = {"in_time": seen["in_time"]} if arrives else {}
    if seen["state"]:
        found["state"] = seen["state"]
    if seen["proposed"]:
        found["proposed"] = [_pruned(each, ("lead", "assist", "meeting")) for each in seen["proposed"]]
    if seen["tasks"]:
        found["tasks"] = [_pruned(each, _TASK) for each in seen["tasks"]]
    if seen["printed"]:
        found["printed"] = list(dict.fromkeys(seen["printed"]))
    return found


def _pruned(item: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    kept = {name: item[name] for name in names if item.get(name)}
    if "due_at" in kept:
        kept["due_at"] = datetime.fromisoformat(kept["due_at"])
    if "counted" in kept:
        kept["counted"] = [date.fromisoformat(day) for day in kept["counted"]]
    return kept


def _printed(step: Step) -> str:
    lines = [line for name, value in step.items() for line in printed_lines((name,), value)]
    return "[[steps]]\n" + "\n".join(lines) + "\n"


def invented(form: IntakeForm, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers with another person in them: of the same age and sex, and of no name, number or phone of theirs.

    Photos are left out: a file of rules holds none.
    """
    name = form.person.get("name", "")
    told = {key: _invented(form.fields[key], value) for key, value in answers.items() if key in form.fields}
    if isinstance(told.get(name), str) and told[name]:
        told[name] = _NAME
    return {key: value for key, value in told.items() if form.fields[key].kind != "photos"}


def _invented(field: Field, value: Any) -> Any:
    if field.row and isinstance(value, list):
        row = field.row
        return [{key: _invented(row.fields[key], cell) for key, cell in each.items()} for each in value]
    if field.kind == "phone" or field.sensitive == "phone":
        return _PHONE
    numbered = field.kind in ("resident-id", "identity-paper") and isinstance(value, str)
    if found := _RESIDENT.fullmatch(value) if numbered else None:
        born = date.fromisoformat(found["born"])
        return make_id(found["region"], born, 990 + int(found["sex"]) % 2)
    return value


def _in_toml(form: IntakeForm, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as a file of rules writes them: days and moments without quotes."""
    return {name: _value(form.fields[name], value) for name, value in answers.items()}


def _value(field: Field, value: Any) -> Any:
    if field.row and isinstance(value, list):
        return [_in_toml(field.row, each) for each in value]
    if field.kind == "moment" and isinstance(value, str):
        return local(parse(value)).replace(tzinfo=None)
    if field.kind == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    return plain(value)
