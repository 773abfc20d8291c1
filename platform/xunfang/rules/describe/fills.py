"""How a field of a report is filled in beforehand, in words."""

from collections.abc import Iterator

from xunfang.rulebook.model import ALWAYS, Duty, Fill, Rulebook
from xunfang.rules.describe.conditions import condition_words
from xunfang.rules.describe.facts import engine_fact, of_subject
from xunfang.rules.labels import title_of

_THINGS = {
    "case": "本期立案的个案", "case:closed": "本期办结的个案", "clue": "本期录入的线索",
    "task": "本期办结或到期的任务", "duty": "本期报送或到期的定期任务", "visit": "本期的走访",
    "notice": "本期印发的文书", "person:standing": "期末登记在册的困难群众", "case:standing": "期末还没有办结的个案",
    "entitlement:standing": "期末享受的保障", "entitlement:held": "本期内享受过的保障",
    "entitlement:begun": "本期开始的保障", "entitlement:ended": "本期停止的保障",
}  # fmt: skip
_TELLS = {
    "period": "填报告期", "unit": "填本单位名称", "person": "填报送人姓名", "missing": "填尚未报来的单位",
}  # fmt: skip


def fill_words(rulebook: Rulebook, duty: Duty, fill: Fill) -> str:
    """Return what a field is filled in with: 本期立案的个案，流程为“线索办理”的，计件数."""
    if fill.tells:
        return _TELLS[fill.tells]
    if fill.sums:
        returns = rulebook.duties.get(duty.collects)
        return f"各单位所报“{_title(rulebook, returns, fill.sums)}”的合计"
    things = _THINGS.get(f"{fill.of}:{fill.counts_by}") or _THINGS[fill.of]
    whose = "本单位办理的" if fill.whose else ""
    where = condition_words(rulebook, of_subject(fill.where, fill.of)) if fill.where != ALWAYS else ""
    what = f"把{_fact(fill)}相加" if fill.sum else "同一人只计一次" if fill.each else "计件数"
    return "，".join(filter(None, (f"{whose}{things}", f"{where}的" if where else "", what)))


def _fact(fill: Fill) -> str:
    path = fill.sum if "." in fill.sum else f"{fill.of}.{fill.sum}"
    return f"“{engine_fact(path) or fill.sum}”"


def fills_words(rulebook: Rulebook, duty: Duty) -> Iterator[str]:
    """Yield how each field of a report is filled in, by its title."""
    for fill in duty.fills:
        yield f"“{_title(rulebook, duty, fill.field)}”预先填好（{fill_words(rulebook, duty, fill)}）"


def _title(rulebook: Rulebook, duty: Duty | None, field: str) -> str:
    form = rulebook.forms.get(duty.form) if duty else None
    return title_of(rulebook, form, field) if form else field
