"""A changed form as a whole: its fields in order, each as it was and as it is."""

from collections.abc import Iterator

from xunfang.rulebook.model import Rulebook
from xunfang.rules.changes.faces import ChangedField, ChangedForm
from xunfang.rules.changes.statements import FORMS, statements


def changed_forms(old: Rulebook, new: Rulebook) -> Iterator[ChangedForm]:
    """Yield each form that both have and of which some field differs or stands elsewhere."""
    was, now = statements(old)[FORMS], statements(new)[FORMS]
    for id, form in new.forms.items():
        before, after = list(old.forms[id].fields) if id in old.forms else [], list(form.fields)
        named = [(name, f"{id}.{name}") for name in _in_order(before, after)]
        fields = tuple(
            ChangedField(name, was[key].text if key in was else "", now[key].text if key in now else "")
            for name, key in named
        )
        if before and (before != after or not all(field.same for field in fields)):
            yield ChangedForm(id, form.title, fields)


def _in_order(before: list[str], after: list[str]) -> list[str]:
    """Return the names of now in their order, those that are gone behind what they stood behind."""
    found = list(after)
    for place, name in enumerate(before):
        if name not in found:
            ahead = [other for other in before[:place] if other in found]
            found.insert(found.index(ahead[-1]) + 1 if ahead else 0, name)
    return found
