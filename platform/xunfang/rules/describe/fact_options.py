"""The facts that a rule may look at, each with its name and where it comes from, and what each may be compared with."""

from collections.abc import Callable, Iterator, Mapping

from xunfang.rulebook.acts import FACT_ROOTS, ROW
from xunfang.rulebook.called import Option
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.model import CATEGORY, Field, IntakeForm, Rulebook
from xunfang.rules.describe.conditions import UNKNOWN, fact_words
from xunfang.rules.describe.facts import STANDINGS, engine_fact
from xunfang.rules.describe.names import names
from xunfang.rules.describe.words import SUBJECTS
from xunfang.rules.units import unit_label

_YES_NO = (Option("是", "是"), Option("否", "否"))
_ANSWERS, _UNIT = "$answers.", "$unit"
_ROOTS: Mapping[str, str] = {**SUBJECTS, "household": "家庭", "unit": "单位"}
_SEVERAL = frozenset({"categories", "units"})
_TOLD: Mapping[str, str] = {
    "case": "个案", "person": "困难群众（号码完整）", "person.masked": "困难群众（号码隐去一部分）", "task": "任务",
    "deadline": "期限怎样计算", "sitting": "会议", "clue": "线索",
}  # fmt: skip


def fields(rulebook: Rulebook) -> Iterator[Option]:
    """Yield every field once, called as on the form that asks for it first: those that open a flow come first."""
    opening = [form for flow in rulebook.flows.values() for form in flow.opens_on]
    seen = set[str]()
    for id in dict.fromkeys((*opening, *rulebook.forms)):
        form = rulebook.forms.get(id)
        for field in form.fields.values() if form else ():
            if field.name not in seen:
                seen.add(field.name)
                yield Option(field.name, field.title, within=form.title if form else "")


def engine_facts(rulebook: Rulebook) -> Iterator[Option]:
    """Yield what the engine knows by itself, and the standards there are."""
    for path, label in names(rulebook, "facts"):
        yield Option(path, label, within=_where(path))


def _where(path: str) -> str:
    """Return what tells a fact from others of its name: whose it is, or that it is all there are of them."""
    root, _, leaf = path.partition(".")
    return f"{_ROOTS.get(root, '')}{'，全部' if leaf in _SEVERAL else ''}"


def facts(rulebook: Rulebook) -> Iterator[Option]:
    """Yield what a condition may look at."""
    yield from fields(rulebook)
    yield from engine_facts(rulebook)


def shown(rulebook: Rulebook) -> Iterator[Option]:
    """Yield what a ledger can show: what the engine knows, what was answered first, and what was answered later."""
    yield Option(ROW, "序号")
    yield from engine_facts(rulebook)
    opening = {form for flow in rulebook.flows.values() for form in flow.opens_on}
    for id, form in rulebook.forms.items():
        root = "clue" if id in opening else "task"
        yield from (Option(f"{root}.{name}", each.title, within=form.title) for name, each in form.fields.items())


def told(_: Rulebook) -> Iterator[Option]:
    """Yield what may be told to a paper."""
    return (Option(name, label) for name, label in _TOLD.items())


def served(rulebook: Rulebook) -> Iterator[Option]:
    """Yield what a field of a form may be asked for."""
    for flow in rulebook.flows.values():
        for state in flow.states.values():
            yield Option(f"task:{state.id}", f"环节：{state.label}", within=flow.label)
    for kind in KINDS.values():
        found = names(rulebook, kind.id) if kind.serves else ()
        yield from (Option(f"{kind.serves}:{id}", f"{kind.label}：{label or id}") for id, label in found)


def terms(rulebook: Rulebook, _: str) -> Iterator[Option]:
    """Yield what any sum may reckon with besides what its form asks for."""
    return (Option(f"standards.{each.id}", each.label) for each in rulebook.info.standards.values())


def values(rulebook: Rulebook, fact: str) -> Iterator[Option]:
    """Yield what a fact may be compared with: entries of its list, yes and no, what the engine can say of it."""
    root, _, leaf = fact.rpartition(".")
    if root in FACT_ROOTS and root not in _ASKED and leaf in _KNOWN:
        yield from _KNOWN[leaf](rulebook, root)
        return
    answering = list(_answering(rulebook, leaf))
    for field in answering:
        yield from _choices(rulebook, field)
    if not answering and leaf in _KNOWN:
        yield from _KNOWN[leaf](rulebook, root)


def _choices(rulebook: Rulebook, field: Field) -> Iterator[Option]:
    if field.list in rulebook.lists:
        entries = rulebook.lists[field.list].entries
        yield from (Option(entry.id, entry.label) for entry in entries.values())
    elif field.kind == "boolean":
        yield from _YES_NO


def _answering(rulebook: Rulebook, name: str) -> Iterator[Field]:
    return (form.fields[name] for form in rulebook.forms.values() if name in form.fields)


def _labelled(kind: str) -> Callable[[Rulebook, str], Iterator[Option]]:
    return lambda rulebook, _: (Option(id, label) for id, label in names(rulebook, kind))


def _states(rulebook: Rulebook, root: str) -> Iterator[Option]:
    if root in ("", "entitlement"):
        yield from (Option(id, label) for id, label in STANDINGS.items())
    for flow in rulebook.flows.values() if root != "entitlement" else ():
        yield from (Option(state.id, state.label, within=flow.label) for state in flow.states.values())


def _outcomes(rulebook: Rulebook, _: str) -> Iterator[Option]:
    for flow in rulebook.flows.values():
        for state in flow.states.values():
            yield from (Option(id, each.label, within=flow.label) for id, each in state.outcomes.items())


def _categories(rulebook: Rulebook, _: str) -> Iterator[Option]:
    entries = rulebook.lists[CATEGORY].entries if CATEGORY in rulebook.lists else {}
    return (Option(entry.id, entry.label) for entry in entries.values())


_ASKED = frozenset({"answers", "computed", "standards", "history"})
_KNOWN: Mapping[str, Callable[[Rulebook, str], Iterator[Option]]] = {
    "flow": _labelled("flows"), "programme": _labelled("programmes"), "entitled": _labelled("programmes"),
    "duty": _labelled("duties"), "form": _labelled("forms"), "state": _states, "outcome": _outcomes,
    "category": _categories, "categories": _categories,
}  # fmt: skip
"""What the engine says of the facts that it knows by itself."""


def called(rulebook: Rulebook, source: str, id: str) -> Iterator[Option]:
    """Yield what something is called that no list of names holds: an answer, a computed amount, a thing's own fact."""
    if id == _UNIT:
        yield Option(id, "报送单位的名称")
    elif id.startswith(_ANSWERS):
        yield Option(id, f"所填的“{fact_words(rulebook, id.removeprefix(_ANSWERS))}”")
    elif source == "anchors" and id.startswith("answers."):
        yield Option(id, f"所填的“{fact_words(rulebook, id)}”")
    elif source == "served":
        yield from _use(rulebook, id)
    elif source == "holders" and ":" in id:
        yield Option(id, unit_label(rulebook, id))
    elif source == "removed":
        yield from (Option(id, label) for label in _anywhere(rulebook, id))
    elif (label := _own_fact(rulebook, id)) and source in _FACTS:
        yield Option(id, label, within=_where(id))


def _use(rulebook: Rulebook, id: str) -> Iterator[Option]:
    root, _, name = id.partition(":")
    if name in rulebook.forms:
        yield Option(id, f"{_ROOTS.get(root, root)}：{rulebook.forms[name].title}")
    elif (words := fact_words(rulebook, f"{root}.{name}")) != UNKNOWN:
        yield Option(id, f"{_ROOTS.get(root, root)}：{words}")


_FACTS = frozenset({"facts", "fields", "fields/", "days/", "shown", "told", "asked", "rows/", "opened/"})


def _own_fact(rulebook: Rulebook, id: str) -> str:
    """Return what a fact is called that may be one of a thing's own, such as `state`; "" where nobody knows."""
    words = fact_words(rulebook, id)
    if words != UNKNOWN:
        return words
    return next(filter(None, (engine_fact(f"{root}.{id}") for root in FACT_ROOTS)), "")


def _anywhere(rulebook: Rulebook, id: str) -> Iterator[str]:
    for entries in rulebook.lists.values():
        yield from (entry.label for entry in entries.entries.values() if entry.id == id)
    for kind in KINDS.values():
        for known, label in names(rulebook, kind.id) if hasattr(rulebook, kind.id) and kind.id not in _NAMELESS else ():
            if known == id and label:
                yield label


_NAMELESS = frozenset({"jurisdiction", "calendar", "lists"})


def asked_on(form: IntakeForm) -> Iterator[Option]:
    """Yield the fields of one form."""
    return (Option(field.name, field.title) for field in form.fields.values())
