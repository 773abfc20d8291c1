"""What stands behind the rules: the choices of their lists, the divisions they speak of, the words of their clauses."""

from collections.abc import Iterator

from xunfang.division import Level
from xunfang.rulebook.model import IntakeForm, Rulebook
from xunfang.rules.describe.lines import Line, Section
from xunfang.rules.describe.words import choice_words


def behind(rulebook: Rulebook) -> list[Section]:
    """Return lists, divisions and clauses as lines; a part without any is left out."""
    parts = [
        Section("字典", list(_lists(rulebook))),
        Section("行政区划", list(_divisions(rulebook))),
        Section("政策条款", list(_clauses(rulebook))),
    ]
    return [part for part in parts if part.lines]


def _lists(rulebook: Rulebook) -> Iterator[Line]:
    for entries in rulebook.lists.values():
        if words := "、".join(choice_words(entries, entry) for entry in entries.entries):
            yield Line(f"{list_title(rulebook, entries.id)}：{words}。", (), entries.id)


def list_title(rulebook: Rulebook, list_id: str) -> str:
    """Return what people are asked when they choose from a list: it has no name of its own."""
    titles = (title for form in rulebook.forms.values() for title in _asked(form, list_id))
    return next(titles, "") or first_choices(rulebook, list_id) or list_id


def first_choices(rulebook: Rulebook, list_id: str) -> str:
    """Return the first choices of a list: 一般、较急、特急; "" of one that holds none."""
    entries = list(rulebook.lists[list_id].entries.values()) if list_id in rulebook.lists else []
    some = "、".join(entry.label for entry in entries[:3])
    return f"{some}等" if len(entries) > 3 else some


def _asked(form: IntakeForm, list_id: str) -> Iterator[str]:
    for field in form.fields.values():
        if field.list == list_id:
            yield field.title
        if field.row:
            yield from _asked(field.row, list_id)


def _divisions(rulebook: Rulebook) -> Iterator[Line]:
    for township in sorted(rulebook.divisions.of_level(Level.TOWNSHIP, rulebook.code), key=lambda each: each.code):
        villages = sorted(rulebook.divisions.of_level(Level.VILLAGE, township.code), key=lambda each: each.code)
        inside = f"：{'、'.join(village.name for village in villages)}" if villages else ""
        name = rulebook.divisions.label(township.code, below=rulebook.code)
        yield Line(f"{name}（{township.code}）{inside}。", (), township.code)


def _clauses(rulebook: Rulebook) -> Iterator[Line]:
    for clause in rulebook.clauses.values():
        policy = rulebook.policies[clause.policy]
        yield Line(f"{clause.id}　{clause.text}（《{policy.title}》）", (), clause.id)
