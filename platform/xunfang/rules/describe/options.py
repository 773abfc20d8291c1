"""What may be chosen where a rule names something: the ids of a rulebook with the labels that people know them by."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from xunfang.rulebook.called import Option, Options
from xunfang.rulebook.conditions import OPERATORS
from xunfang.rulebook.delivery import WAYS
from xunfang.rulebook.fields import DATED
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.kinds.rosters import COLUMNS
from xunfang.rulebook.model import CATEGORY, Operator, Rulebook
from xunfang.rules.describe import fact_options, words
from xunfang.rules.describe.behind import first_choices, list_title
from xunfang.rules.describe.names import names
from xunfang.rules.describe.reference import operator_words
from xunfang.rules.publications import BOARDS

_LISTED = frozenset(KINDS) - {"jurisdiction", "calendar", "lists"} | {"clauses", "acts"}


def options_of(rulebook: Rulebook | None) -> Options:
    """Return what there is to choose from, by what a key names; without rules only words of the language itself."""
    found: dict[str, tuple[Option, ...]] = {}

    def options(source: str) -> tuple[Option, ...]:
        if source not in found:
            first: dict[str, Option] = {}
            for option in _options(rulebook, source):
                first.setdefault(option.value, option)
            found[source] = tuple(first.values())
        return found[source]

    return options


def _options(rulebook: Rulebook | None, source: str) -> Iterable[Option]:
    if source in _WORDS:
        return _named(_WORDS[source])
    what, _, of = source.partition("/")
    if rulebook is None:
        return ()
    if what in _WITHIN and of:
        return _WITHIN[what](rulebook, of)
    if what == "called":
        names_of, _, id = of.rpartition("/")
        return fact_options.called(rulebook, names_of, id)
    if what in _OTHERS:
        return _OTHERS[what](rulebook)
    return _named(dict(names(rulebook, what))) if what in _LISTED else ()


def _named(labels: Mapping[str, str]) -> Iterator[Option]:
    return (Option(id, label or id) for id, label in labels.items())


def _placed_units(rulebook: Rulebook) -> Iterator[Option]:
    """Yield every unit; of those that there are in many places also the one where somebody is registered, or lives."""
    for option in _options(rulebook, "units"):
        yield option
        if rulebook.units[option.value].per:
            yield Option(f"{option.value} of registration", f"{option.label}（户籍地的）")
            yield Option(f"{option.value} of residence", f"{option.label}（居住地的）")


def _lists(rulebook: Rulebook) -> Iterator[Option]:
    for id in rulebook.lists:
        title, some = list_title(rulebook, id), first_choices(rulebook, id)
        yield Option(id, title if title == some else f"{title}：{some}")


def _checks(rulebook: Rulebook) -> Iterator[Option]:
    """Yield the ways in which the numbers of papers are checked, by the papers that there are."""
    for entries in rulebook.lists.values():
        yield from (Option(each.check, f"按“{each.label}”核对") for each in entries.entries.values() if each.check)


def _anchors(rulebook: Rulebook) -> Iterator[Option]:
    """Yield the moments that a limit may run from, and the dates that forms ask for."""
    yield from _named(words.ANCHORS)
    for form in rulebook.forms.values():
        dates = (field for field in form.fields.values() if field.kind in DATED)
        yield from (Option(f"answers.{each.name}", f"所填的“{each.title}”", within=form.title) for each in dates)


def _states(rulebook: Rulebook, flow: str) -> Iterator[Option]:
    found = rulebook.flows.get(flow)
    return (Option(state.id, state.label) for state in found.states.values()) if found else iter(())


def _outcomes(rulebook: Rulebook, place: str) -> Iterator[Option]:
    flow, _, name = place.partition("/")
    found = rulebook.flows.get(flow)
    state = found.states.get(name) if found else None
    return (Option(id, outcome.label) for id, outcome in state.outcomes.items()) if state else iter(())


def _fields_of(rulebook: Rulebook, form: str) -> Iterator[Option]:
    found = rulebook.forms.get(form)
    return fact_options.asked_on(found) if found else iter(())


def _sections(rulebook: Rulebook, form: str) -> Iterator[Option]:
    found = rulebook.forms.get(form)
    return _named(found.sections) if found else iter(())


def _days(rulebook: Rulebook, form: str) -> Iterator[Option]:
    found = rulebook.forms.get(form)
    dates = (each for each in found.fields.values() if each.kind in DATED) if found else ()
    return (Option(each.name, each.title) for each in dates)


def _decisions(rulebook: Rulebook, _: str = "") -> Iterator[Option]:
    for meeting in rulebook.meetings.values():
        yield from (Option(id, meeting.labels.get(id, "")) for id in meeting.decides if meeting.labels.get(id))


_WORDS: Mapping[str, Mapping[str, str]] = {
    "acts": words.ACTS,
    "happenings": words.EVENTS,
    "interruptions": {"objection": "异议"},
    "boards": BOARDS,
    "joins": {"all": "都办完", "any": "有一个办完", "first-decided": "以先作出的决定为准"},
    "ratios": {"all": "全部", "local": "由下级定"},
    "wholes": {"all": "全部"},
    "quorums": {"half": "半数以上", "two-thirds": "三分之二以上", "all": "全体"},
    "truths": {"true": "是", "false": "否"},
    "calendars": {"cn": "全国年历"},
    "listed": COLUMNS,
    "operators": {
        value: "填了没有（是或否）" if operator is Operator.KNOWN else operator_words(operator)
        for value, operator in OPERATORS.items()
    },
    "choices": {
        **words.LEVELS,
        **words.EVERY,
        **words.SUBJECTS,
        **words.LAYOUTS,
        **words.ESCALATIONS,
        **{f"{'previous' if of.previous else 'this'} {of.every}": label for of, label in words.COVERS.items()},
        **words.ACTS,
        **BOARDS,
        **WAYS,
    },
}
_OTHERS: Mapping[str, Callable[[Rulebook], Iterable[Option]]] = {
    "anchors": _anchors,
    "placed-units": _placed_units,
    "superiors": lambda rulebook: (Option("superior", "承办单位的上级"), *_options(rulebook, "units")),
    "confirmers": lambda rulebook: (Option("nobody", "不用批示，直接转办"), *_options(rulebook, "roles")),
    "papers": lambda rulebook: (*_options(rulebook, "notices"), *_options(rulebook, "forms")),
    "lists": _lists,
    "fields": fact_options.fields,
    "facts": fact_options.facts,
    "shown": fact_options.shown,
    "told": fact_options.told,
    "served": fact_options.served,
    "decisions": _decisions,
    "decided": lambda rulebook: fact_options.values(rulebook, "task.outcome"),
    "reached": lambda rulebook: fact_options.values(rulebook, "case.state"),
    "asked": fact_options.fields,
    "checks": _checks,
    "owed": lambda rulebook: (*_options(rulebook, "duties"), *_options(rulebook, "feeds"), *_named(words.EVENTS)),
    "holders": lambda rulebook: (*_options(rulebook, "units"), *_options(rulebook, "roles")),
    "dictionaries": _lists,
    "categories": lambda rulebook: (
        Option(entry.id, entry.label)
        for entry in (rulebook.lists[CATEGORY].entries.values() if CATEGORY in rulebook.lists else ())
    ),
    "standards": lambda rulebook: (Option(each.id, each.label) for each in rulebook.info.standards.values()),
}
_WITHIN: Mapping[str, Callable[[Rulebook, str], Iterator[Option]]] = {
    "values": fact_options.values,
    "terms": fact_options.terms,
    "entries": lambda rulebook, id: (
        (Option(entry.id, entry.label) for entry in rulebook.lists[id].entries.values())
        if id in rulebook.lists
        else iter(())
    ),
    "sections": _sections,
    "days": _days,
    "decisions": _decisions,
    "states": _states,
    "outcomes": _outcomes,
    "fields": _fields_of,
}
