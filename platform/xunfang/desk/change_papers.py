"""The change sheet as it is printed for signature: plain values, each line numbered, what differs marked."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from xunfang.clock import local
from xunfang.rules.changes import ChangedForm, ChangeLine, ChangeSheet
from xunfang.rules.changes.marking import marked

_MOST = 300
"""So many lines of one kind are printed; the paper says how many more the page has."""
_SHORT, _FEW = 600, 3
"""A line of so many letters and clauses is not parted by the end of a page."""


def paper_of_sheet(
    sheet: ChangeSheet, effects: Iterable[str], county: str, title: str, why: str, at: datetime
) -> dict[str, Any]:
    """Return what the printed sheet says. `title` and `why` are those of the change, "" for two releases compared."""
    number, told = 0, []
    for group in sheet.groups:
        shown = group.lines[:_MOST]
        lines = [_line(each, number + nth) for nth, each in enumerate(shown, 1)]
        told.append({"title": group.title, "lines": lines, "more": len(group.lines) - len(shown)})
        number += len(group.lines)
    follows = [line for group in sheet.follows for line in group.lines]
    return {
        "sheet": {
            "name": f"{county}改动说明（{sheet.before}与{sheet.after}对照）",
            "county": county,
            "title": title,
            "why": why,
            "before": sheet.before,
            "after": sheet.after,
            "made_on": local(at).date().isoformat(),
            "counts": counts_of(sheet),
            "groups": told,
            "follows": [_line(each, number + nth) for nth, each in enumerate(follows, 1)],
            "effects": list(effects),
            "forms": [_form(each) for each in sheet.forms],
            "papers": [paper.label for paper in sheet.papers],
        }
    }


def _form(form: ChangedForm) -> dict[str, Any]:
    """Return a changed form for the annex: its fields in order; one that is the same is told once."""
    fields = []
    for field in form.fields:
        before, after = marked(field.before, field.after)
        told = {"before": [list(each) for each in before], "after": [list(each) for each in after]}
        fields.append({"same": field.same, "said": field.said, **told})
    return {"title": form.title, "fields": fields}


def counts_of(sheet: ChangeSheet) -> str:
    """Return how much changed: 新增1条、改动3条；另有2条随之改变."""
    words = (("new", "新增"), ("changed", "改动"), ("gone", "取消"))
    told = "、".join(f"{word}{many}条" for how, word in words if (many := sum(line.how == how for line in sheet.lines)))
    follows = sheet.count("follows")
    return f"{told or '没有直接改动'}；另有{follows}条随之改变" if follows else told or "没有改动"


def _line(line: ChangeLine, number: int) -> dict[str, Any]:
    before, after = marked(line.before, line.after)
    return {
        "number": number,
        "how": line.said,
        "about": line.about,
        "before": [list(each) for each in before],
        "after": [list(each) for each in after],
        "basis": line.practice if line.grounds else line.basis,
        "was_resting": line.was_resting,
        "belongs": line.belongs,
        "grounds": [{"place": each.place, "text": each.text} for each in line.grounds],
        "touched": list(dict.fromkeys(_touched(line))),
        "short": len(line.before) + len(line.after) < _SHORT and len(line.grounds) <= _FEW,
    }


def _touched(line: ChangeLine) -> Iterator[str]:
    """Yield what of a rule changed, where that is more than one thing; of rows always which columns."""
    several = len(line.spots) > 1 and line.how == "changed"
    for each in line.spots:
        if each.says or several:
            yield each.says.partition("：")[0] or each.name or each.key
