"""The door to the studio 规则修改: change sets in sight, their gates, and the drafts that pages work on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.drafting import drafted
from xunfang.actions.rule_source import STUDIO
from xunfang.casework import ChangeSet
from xunfang.casework.change_sets import OPEN, text_digest
from xunfang.casework.following import NOT_YET_PRINTED
from xunfang.casework.gates import PUBLISH, RUNNING
from xunfang.casework.rule_reviews import why_not_review
from xunfang.clock import local
from xunfang.desk.releases import Releases
from xunfang.desk.studio.compiling import examined
from xunfang.desk.studio.faces import (
    ChangeSetPage,
    ChangeSetRow,
    CommentFace,
    Drafted,
    EditFace,
    FileFace,
    Head,
    LayerFaces,
    StudioPage,
    TextPage,
)
from xunfang.desk.studio.files import file_face, file_label, layer_names, layers
from xunfang.desk.studio.gates import can_do, gates_of, next_step
from xunfang.desk.studio.new_county import Ground
from xunfang.desk.studio.number_series import Numbering
from xunfang.errors import NotFound
from xunfang.prove.examined import Examining
from xunfang.rulebook.policy_texts import clause_words
from xunfang.store.reading.change_sets import ChangeSetFile
from xunfang.store.reading.standing import Standing
from xunfang.store.scoped import scoped
from xunfang.store.tables import DraftComment, DraftEdit, DraftTrial

STATUS = {
    "draft": "草稿", "submitted": "待复核", "returned": "退回修改", "approved": "复核通过，待发布",
    "waiting": "定时发布", "published": "已发布", "withdrawn": "已放弃",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StudioReadings:
    """Answers what concerns change sets, within the sight of the person who asks."""

    deployment: Deployment

    def _rules(self, actor: Actor) -> Releases:
        return Releases(self.deployment.rulebooks, actor.jurisdiction)

    def first(self, actor: Actor, after: str) -> StudioPage:
        """Return the change sets in sight, newest first, and what they are drafts of."""
        with scoped(self.deployment.database, actor.scope) as reader:
            page, source = reader.change_sets.page(after), reader.change_sets.source()
            names = reader.change_sets.names(page.items)
        book = self._rules(actor).in_force
        return StudioPage(
            in_force=self.deployment.rulebooks.label(book.digest),
            source=source.source if source else "files",
            layer=book.info.name,
            above=tuple(reversed(book.chain[:-1])),
            rows=[self._row(each, names) for each in page.items],
            after=page.next,
            may_edit="edit-rules" in actor.acts,
        )

    def _row(self, found: ChangeSet, names: Mapping[str, str]) -> ChangeSetRow:
        said = ""
        if found.status == "published":
            said = self.deployment.rulebooks.label(found.published)
        elif found.effective_at is not None:
            said = f"{local(found.effective_at):%Y年%-m月%-d日 %H:%M}生效"
        by = names.get(found.made_by, "系统")
        return ChangeSetRow(found.id, found.title, found.status, STATUS[found.status], by, found.made_at, said)

    def head(self, actor: Actor, found: ChangeSet) -> Head:
        """Return what stands over every page of a change set."""
        in_force, label = self._rules(actor).in_force.digest, self.deployment.rulebooks.label
        return Head(
            id=found.id,
            title=found.title,
            status_id=found.status,
            status=STATUS[found.status],
            version=found.version,
            in_force=label(in_force),
            base=label(found.base),
            moved=found.base != in_force and found.status not in ("published", "withdrawn"),
            editable=found.status in OPEN and "edit-rules" in actor.acts,
            digest=found.digest,
        )

    def drafted(self, actor: Actor, key: str) -> Drafted:
        """Return a draft in sight with all its files; raises NotFound for any other."""
        with scoped(self.deployment.database, actor.scope) as reader:
            stored = reader.change_sets.file(key)
            base = reader.change_sets.base(stored.change_set)
        found = stored.change_set
        return Drafted(self.head(actor, found), found.jurisdiction, drafted(base, stored.files), base)

    def ground(self, actor: Actor, today: date) -> Ground:
        """Return on what a new jurisdiction may be built: the rules in force and their files."""
        with scoped(self.deployment.database, actor.scope) as reader:
            files = reader.change_sets.in_force()
        return Ground(self._rules(actor).in_force, files, today)

    def standing(self, actor: Actor, code: str, units: tuple[str, ...]) -> Standing:
        """Return in numbers what stands on a division of the jurisdiction, and on units of these kinds there."""
        with scoped(self.deployment.database, actor.scope) as reader:
            return reader.change_sets.standing(code, units, NOT_YET_PRINTED)

    def numbered(self, actor: Actor, series: Iterable[str], year: int) -> Numbering:
        """Return how far these series of numbers have come in a year."""
        with scoped(self.deployment.database, actor.scope) as reader:
            return Numbering(year, reader.change_sets.numbered(frozenset(series), year))

    def files(self, actor: Actor, key: str) -> tuple[Head, Sequence[LayerFaces]]:
        """Return the files of a draft, by layer, its own first."""
        draft = self.drafted(actor, key)
        return draft.head, layers(draft.files, draft.base, draft.layer, layer_names(draft.files))

    def text(self, actor: Actor, key: str, path: str, examiner: Examining, day: date) -> TextPage:
        """Return one file of a draft as text, with what a check finds; raises NotFound for what is none."""
        draft = self.drafted(actor, key)
        if path not in draft.files and path not in draft.base:
            raise NotFound()
        text = draft.files.get(path, "")
        found = examined(draft, examiner, day)
        return TextPage(
            head=draft.head,
            file=file_face(path, draft.files, draft.base, draft.layer),
            text=text,
            digest=text_digest(text),
            before=draft.base.get(path),
            here=[problem for problem in found.problems if problem.file == path],
            elsewhere=[problem for problem in found.problems if problem.file != path],
            warnings=[problem for problem in found.warnings if problem.file == path],
        )

    def latest(self, actor: Actor, key: str) -> EditFace | None:
        """Return the latest edit of a change set in sight that stands, None where there is none."""
        with scoped(self.deployment.database, actor.scope) as reader:
            stored = reader.change_sets.file(key)
        return next((_edit(stored, each) for each in reversed(stored.edits) if not each.undone), None)

    def one(self, actor: Actor, key: str) -> ChangeSetPage:
        """Return a change set in sight; raises NotFound for any other."""
        with scoped(self.deployment.database, actor.scope) as reader:
            stored = reader.change_sets.file(key)
            base, source = reader.change_sets.base(stored.change_set), reader.change_sets.source()
            changed = [file.path for file in stored.files]
            beside = reader.change_sets.beside(stored.change_set, changed) if stored.change_set.status in OPEN else []
        head, found = self.head(actor, stored.change_set), stored.change_set
        no_review = why_not_review(found, stored.edits, actor) if "review-rules" in actor.acts else ""
        gates = gates_of(stored, self._rules(actor).in_force)
        can = can_do(actor, head, no_review, gates)
        publishing = _publishing(stored)
        edits = [_edit(stored, each) for each in reversed(stored.edits)]
        files = drafted(base, stored.files)
        standing = next((each.id for each in edits if not each.undone), "")
        return ChangeSetPage(
            head=head,
            why=found.why,
            cites=_cites(clause_words(files), found.cites),
            reason=found.reason,
            effective_at=found.effective_at,
            gates=gates,
            next_step=next_step(head, gates, can),
            can=can,
            why_not_review=no_review if found.status == "submitted" else "",
            takes_over=source is None or source.source != STUDIO,
            edits=edits,
            undoable=standing if head.editable else "",
            comments=[_comment(stored, each) for each in stored.comments],
            changed=_changed(files, base, found),
            publishing=publishing.said if publishing else "",
            publishing_on=bool(publishing and publishing.told.get(RUNNING)),
            beside=[
                (other.id, other.title, [file_label(path, files.get(path, ""), files) for path in same])
                for other, same in beside
            ],
        )


def _publishing(stored: ChangeSetFile) -> DraftTrial | None:
    """Return how far the worker is with publishing it, or what came of that."""
    found = stored.change_set
    if found.status not in ("waiting", "published"):
        return None
    return next((each for each in stored.trials if each.gate == PUBLISH and each.digest == found.digest), None)


def _changed(files: Mapping[str, str], base: Mapping[str, str], found: ChangeSet) -> Sequence[FileFace]:
    faces = (file_face(path, files, base, found.jurisdiction) for path in sorted({**base, **files}))
    return [each for each in faces if each.state]


def _cites(words: Mapping[str, str], clauses: Iterable[str]) -> Sequence[tuple[str, str]]:
    return [(clause, words.get(clause, "")) for clause in clauses]


def _edit(stored: ChangeSetFile, edit: DraftEdit) -> EditFace:
    by = stored.names.get(edit.by, "系统")
    said = f"并入现行规则的改动：{file_label(edit.path, edit.before)}" if edit.command == "rebase" else edit.said
    return EditFace(edit.id, said, edit.path, by, edit.at, edit.undone)


def _comment(stored: ChangeSetFile, each: DraftComment) -> CommentFace:
    old = each.digest != stored.change_set.digest
    return CommentFace(stored.names.get(each.by, "系统"), each.at, each.line, each.text, old)
