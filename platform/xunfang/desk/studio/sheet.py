"""The change sheet of a draft: what it says otherwise than the release that it is based on, with remarks by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xunfang.actions.deployment import Actor, Deployment
from xunfang.desk.studio.compiling import compiled
from xunfang.desk.studio.faces import ChangeSetPage, CommentFace, Drafted
from xunfang.desk.studio.readings import StudioReadings
from xunfang.desk.versions import VersionsDesk, effects
from xunfang.errors import Problem
from xunfang.prove.examined import Examining
from xunfang.rulebook.model import Rulebook
from xunfang.rules.changes import ChangeSheet, Edition, sheet
from xunfang.store.scoped import scoped

REMARK = "comment-change-set"


@dataclass(frozen=True, slots=True)
class SheetPage:
    """The sheet of a change set, None with the `problems` for which there is none; remarks by the key of their line."""

    page: ChangeSetPage
    sheet: ChangeSheet | None
    effects: tuple[str, ...]
    remarks: Mapping[str, Sequence[CommentFace]]
    may_remark: bool
    problems: Sequence[Problem] = ()
    books: tuple[Rulebook, Rulebook] | None = None


def sheet_of(deployment: Deployment, actor: Actor, key: str, examiner: Examining, day: date) -> SheetPage:
    """Return the sheet of a draft in sight; raises NotFound for any other, TooOften while many have drafts examined."""
    readings = StudioReadings(deployment)
    page, draft = readings.one(actor, key), readings.drafted(actor, key)
    made = compiled(draft, examiner, day)
    remarks: dict[str, list[CommentFace]] = {}
    for each in page.comments:
        remarks.setdefault(each.line, []).append(each)
    may_remark = any(verb.id == REMARK for verb in page.can)
    if made.rules is None:
        return SheetPage(page, None, (), remarks, may_remark, made.problems)
    was = deployment.rulebooks.release(_base(deployment, actor, key))
    found = sheet(Edition(was, draft.base, draft.head.base), Edition(made.rules, draft.files, _title(draft)))
    told = tuple(effects(VersionsDesk(deployment).standing(actor), None))
    return SheetPage(page, found, told, remarks, may_remark, books=(was, made.rules))


def _title(draft: Drafted) -> str:
    return f"草稿“{draft.head.title}”"


def _base(deployment: Deployment, actor: Actor, key: str) -> str:
    with scoped(deployment.database, actor.scope) as reader:
        return reader.change_sets.one(key).base
