"""Change sets 改动单: those of a jurisdiction, newest first, and one of them with all that belongs to it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.casework.change_sets import ALIVE
from xunfang.casework.gates import ASKED, RUNNING
from xunfang.casework.jobs import REPLAY_DRAFT
from xunfang.errors import NotFound
from xunfang.store.database import Reader
from xunfang.store.reading.case_file import names_of
from xunfang.store.reading.paging import Listing, Page, ask_page
from xunfang.store.reading.standing import Place, Standing, series_of_year, standing_on
from xunfang.store.releases import current_release, release_files
from xunfang.store.rows import model_of, table_of
from xunfang.store.scope import Scope
from xunfang.store.tables import ChangeSet, DraftComment, DraftEdit, DraftFile, DraftTrial, Job, Release, RuleSource

CHANGE_SET = model_of(ChangeSet)
MOST_PARKED = 200
_ACTS = frozenset({"edit-rules", "review-rules"})


@dataclass(frozen=True, slots=True)
class ChangeSetFile:
    """A change set with its files, edits, comments and trials, each in their order, and the names of its accounts.

    `parked`: the gates that a job was at which failed again and again and was given up.
    """

    change_set: ChangeSet
    files: tuple[DraftFile, ...]
    edits: tuple[DraftEdit, ...]
    comments: tuple[DraftComment, ...]
    trials: tuple[DraftTrial, ...]
    names: Mapping[str, str]
    parked: frozenset[str] = frozenset()


def _in_sight(scope: Scope) -> Any:
    """Return the condition on change sets: of one's jurisdiction, for whoever edits or reviews its rules."""
    if not scope.is_system and scope.acts.isdisjoint(_ACTS):
        return CHANGE_SET.jurisdiction == ""
    return CHANGE_SET.jurisdiction == scope.jurisdiction


def _listed(scope: Scope) -> Listing:
    query = CHANGE_SET.select().where(_in_sight(scope))
    return Listing(query, (CHANGE_SET.made_at, CHANGE_SET.id), newest_first=True)


def _one(scope: Scope, key: str) -> Any:
    return CHANGE_SET.select().where((CHANGE_SET.id == key) & _in_sight(scope))


@dataclass(frozen=True, slots=True)
class ChangeSetsInSight:
    """The readings of change sets within a scope."""

    reader: Reader
    scope: Scope

    def page(self, after: str) -> Page[ChangeSet]:
        """Return a page of the change sets in sight, newest first."""
        return ask_page(self.reader, self._row, after, _listed, self.scope)

    def _row(self, row: Mapping[str, Any]) -> ChangeSet:
        own = {name: row[name] for name in table_of(ChangeSet).columns}
        return table_of(ChangeSet).row(**self.reader.opened(ChangeSet, own))

    def one(self, key: str) -> ChangeSet:
        """Return a change set in sight; raises NotFound for any other."""
        found = self.reader.ask_rows(ChangeSet, _one, self.scope, key)
        if not found:
            raise NotFound()
        return found[0]

    def file(self, key: str) -> ChangeSetFile:
        """Return a change set in sight with all that belongs to it; raises NotFound for any other."""
        found, of = self.one(key), self.reader.every
        edits, comments = tuple(of(DraftEdit, change_set=key)), tuple(of(DraftComment, change_set=key))
        accounts = {found.made_by, found.submitted_by, found.reviewed_by, found.published_by}
        accounts |= {edit.by for edit in edits} | {comment.by for comment in comments}
        trials = tuple(of(DraftTrial, change_set=key))
        return ChangeSetFile(
            found,
            tuple(of(DraftFile, change_set=key)),
            edits,
            comments,
            trials,
            names_of(self.reader, sorted(accounts - {""})),
            self._parked(trials),
        )

    def beside(self, found: ChangeSet, paths: Iterable[str]) -> list[tuple[ChangeSet, tuple[str, ...]]]:
        """Return the latest other drafts that are not in force yet and change the same files, with these files."""
        ours, others = frozenset(paths), []
        for each in self.page("").items:
            if each.id != found.id and each.status in ALIVE:
                theirs = (file.path for file in self.reader.every(DraftFile, change_set=each.id))
                others += [(each, same)] if (same := tuple(sorted(ours.intersection(theirs)))) else []
        return others

    def _parked(self, trials: Iterable[DraftTrial]) -> frozenset[str]:
        running = {str(each.told[ASKED]): each.gate for each in trials if each.told.get(RUNNING) and ASKED in each.told}
        if not running:
            return frozenset()
        of = {"kind": REPLAY_DRAFT, "status": "parked", "jurisdiction": self.scope.jurisdiction}
        given_up = {str(job.payload.get(ASKED)) for job in self.reader.select(Job, limit=MOST_PARKED, **of)}
        return frozenset(gate for asked, gate in running.items() if asked in given_up)

    def base(self, found: ChangeSet) -> dict[str, str]:
        """Return the files of the release that a draft is based on."""
        release = self.reader.find(Release, found.base)
        assert release is not None
        return release_files(release)

    def in_force(self) -> dict[str, str]:
        """Return the files of the release in force."""
        release = current_release(self.reader, self.scope.jurisdiction)
        return release_files(release) if release else {}

    def names(self, found: Iterable[ChangeSet]) -> dict[str, str]:
        """Return the names of those who made change sets, by account."""
        return names_of(self.reader, [each.made_by for each in found])

    def source(self) -> RuleSource | None:
        """Return where the rules of the jurisdiction are kept, None while that is in files and always was."""
        return self.reader.find(RuleSource, self.scope.jurisdiction)

    def standing(self, code: str, units: tuple[str, ...], pending: Collection[str]) -> Standing:
        """Return in numbers what stands on a division of the jurisdiction: for whoever edits or reviews its rules.

        They see no case of it. Raises NotFound for anybody else.
        """
        if self.scope.acts.isdisjoint(_ACTS):
            raise NotFound()
        return standing_on(self.reader, Place(self.scope.jurisdiction, code, units), pending)

    def numbered(self, series: Collection[str], year: int) -> dict[str, int]:
        """Return the last number given out in each of these series: for whoever edits or reviews the rules."""
        if self.scope.acts.isdisjoint(_ACTS):
            raise NotFound()
        return series_of_year(self.reader, self.scope.jurisdiction, series, year)
