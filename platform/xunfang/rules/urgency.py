"""How urgent a case is: the entries of the list of urgency ascend, and whatever is above the first is urgent."""

from functools import lru_cache

from xunfang.rulebook.model import Rulebook

FIELD = "urgency"


def is_urgent(rulebook: Rulebook, urgency: str) -> bool:
    """Return whether a case of this urgency goes before ordinary ones: 紧急 and 特急, whatever a county calls them."""
    return urgency in _above_the_first(rulebook)


@lru_cache(maxsize=64)
def _above_the_first(rulebook: Rulebook) -> frozenset[str]:
    fields = (form.fields.get(FIELD) for form in rulebook.forms.values())
    lists = {field.list for field in fields if field and field.list in rulebook.lists}
    return frozenset(entry for name in lists for entry in list(rulebook.lists[name].entries)[1:])
