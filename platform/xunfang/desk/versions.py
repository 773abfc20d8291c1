"""Releases 规则版本 as whoever keeps the rules sees them: what stands on each, what parts two of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from xunfang.actions.abandoning import abandoned_by_release
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.moving import Move, Moved, foreseen
from xunfang.actions.moving_many import MOVING, moves_of
from xunfang.desk.moments import moment
from xunfang.errors import NotFound, Problem, Refused, RulebookError
from xunfang.rules.changes import ChangeSheet, Edition, sheet
from xunfang.store import (
    Attachment,
    Reader,
    Release,
    ReleaseLine,
    connection,
    current_release,
    open_by_release,
    open_cases_on,
    release_files,
    release_line,
)
from xunfang.store.reading.paging import PAGE_LENGTH
from xunfang.store.reading.sweeping import notices_standing
from xunfang.store.releases import releases_below

MOST_SHOWN = 20
"""So many cases are worked out, or named, on one page."""
NEWEST = 1_000_000
"""Above the number of any release."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A release in the list. `stands`: in force, given way to an earlier one, or ""."""

    id: str
    number: int
    label: str
    at: datetime
    by: str
    stands: str
    open_cases: int

    @property
    def current(self) -> bool:
        """Whether new cases begin on it."""
        return self.stands == "现行"


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A request to move cases: what was asked, when, how many went so far."""

    name: str
    at: datetime
    count: int
    running: bool


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A paper that could not be printed, and why."""

    label: str
    edition: str
    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What parts two releases, and what that means for what is open and what begins."""

    old: VersionRow
    new: VersionRow
    sheet: ChangeSheet
    effects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prospect:
    """What moving would bring to a page of the cases; `after` leads to the next page, "" on the last."""

    was: VersionRow
    to: VersionRow
    rows: tuple[Moved, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Retreat:
    """What going back to an earlier release means: for which open cases, and what keeps it from being done."""

    current: VersionRow
    to: VersionRow
    begun: int
    numbers: tuple[str, ...]
    hindered: tuple[Problem, ...]

    @property
    def verb(self) -> str:
        """What it is called: one that gave way is put in force again, an earlier one gone back to."""
        return "重新启用" if self.to.number > self.current.number else "退回"


@dataclass(frozen=True, slots=True)
class VersionsDesk:
    """Where releases are read, those of the person's own jurisdiction alone."""

    deployment: Deployment

    def versions(self, actor: Actor, below: int = NEWEST) -> tuple[VersionRow, ...]:
        """Return a page of the releases next below a number, newest first, and one more where there are more."""
        with connection(self.deployment.database, actor.jurisdiction) as reader:
            lines = releases_below(reader, actor.jurisdiction, below, PAGE_LENGTH + 1)
            open_on = open_by_release(reader, actor.jurisdiction)
        return tuple(_row(line, open_on) for line in lines)

    def standing(self, actor: Actor) -> tuple[VersionRow, ...]:
        """Return the releases on which open cases stand, newest first."""
        with connection(self.deployment.database, actor.jurisdiction) as reader:
            open_on = open_by_release(reader, actor.jurisdiction)
            lines = [line for digest in open_on if (line := release_line(reader, digest))]
        return tuple(_row(line, open_on) for line in sorted(lines, key=lambda line: -line.number))

    def current(self, actor: Actor) -> VersionRow | None:
        """Return the release in force, None before the first."""
        with connection(self.deployment.database, actor.jurisdiction) as reader:
            found = current_release(reader, actor.jurisdiction)
        return self.version(actor, found.number) if found else None

    def version(self, actor: Actor, number: int) -> VersionRow:
        """Return one release by its number; raises NotFound."""
        with connection(self.deployment.database, actor.jurisdiction) as reader:
            return _row(_numbered(reader, actor, number), open_by_release(reader, actor.jurisdiction))

    def line(self, actor: Actor, number: int) -> ReleaseLine:
        """Return the same as the actions take it; raises NotFound."""
        with connection(self.deployment.database, actor.jurisdiction) as reader:
            return _numbered(reader, actor, number)

    def edition(self, actor: Actor, row: VersionRow) -> Edition:
        """Return the rules and the files of a release."""
        with connection(self.deployment.database, actor.jurisdiction) as reader:
            release = reader.find(Release, row.id)
        assert release is not None
        self._read(row)
        return Edition(self.deployment.rulebooks.release(row.id), release_files(release), row.label)

    def _read(self, row: VersionRow) -> None:
        """Raise Refused for a release that this program does not understand any more."""
        try:
            self.deployment.rulebooks.release(row.id)
        except RulebookError as error:
            said = f"第{row.number}版规则是按以前的程序写的，现在的程序读不了：{error.problems[0].message}。"
            raise Refused(said, "RELEASE_UNUSABLE") from None

    def compared(self, actor: Actor, old: int, new: int) -> Comparison:
        """Return what parts two releases; raises NotFound."""
        was, now = self.version(actor, old), self.version(actor, new)
        told = sheet(self.edition(actor, was), self.edition(actor, now))
        return Comparison(was, now, told, tuple(effects(self.standing(actor), now)))

    def moves(self, actor: Actor) -> tuple[MoveRow, ...]:
        """Return what was asked last about moving cases."""
        return tuple(map(_move, moves_of(self.deployment, actor.jurisdiction)))

    def failed(self, actor: Actor) -> tuple[FailedRow, ...]:
        """Return the papers that could not be printed: after their template is mended they are to be made again."""
        books = self.deployment.rulebooks
        with connection(self.deployment.database, actor.jurisdiction) as reader:
            found = notices_standing("failed", reader, actor.jurisdiction)[:MOST_SHOWN]
        return tuple(
            FailedRow(
                _label(self.deployment, each.release, each.kind), books.label(each.release), each.wanted_at, each.error
            )
            for each in found
        )

    def prospect(self, actor: Actor, move: Move, at: datetime, after: str) -> Prospect:
        """Return what moving would bring to a page of cases; nothing is written."""
        was, to = (self.version(actor, each.number) for each in (move.was, move.to))
        for row in (was, to):
            self._read(row)
        same = was.id == to.id
        rows, last = ([], "") if same else foreseen(self.deployment, move, at, after, MOST_SHOWN)
        return Prospect(was, to, tuple(rows), last)

    def retreat(self, actor: Actor, number: int) -> Retreat:
        """Return what going back to a release means; raises NotFound."""
        to = self.version(actor, number)
        current = self.current(actor) or to
        with connection(self.deployment.database, actor.jurisdiction) as reader:
            cases = open_cases_on(reader, actor.jurisdiction, current.id, "", MOST_SHOWN)
        numbers = tuple(case.number for case in cases)
        return Retreat(current, to, current.open_cases, numbers, self._hindered(actor, to))

    def _hindered(self, actor: Actor, to: VersionRow) -> tuple[Problem, ...]:
        try:
            return abandoned_by_release(self.deployment.database, actor.jurisdiction, to.id)
        except RulebookError as error:
            return error.problems


def effects(rows: tuple[VersionRow, ...], new: VersionRow | None) -> Iterator[str]:
    """Yield what stays on which rules and what begins on the new ones, in sentences; None: rules not published yet."""
    standing = [row for row in rows if row.open_cases and (new is None or row.id != new.id)]
    total = sum(row.open_cases for row in standing)
    others = "其他版本上" if new else "现行和以前各版本上"
    if total:
        in_force = next((row.id for row in standing if row.current and new is None), "")
        parts = "，".join(f"{'现行的' * (row.id == in_force)}第{row.number}版{row.open_cases}件" for row in standing)
        yield (
            f"仍按原版本办到结案的：{others}在办的个案{total}件（{parts}）。"
            "需要的可在“规则版本”页改用新版，先看每件有什么变化，再决定。"
        )
    else:
        yield f"{others}都没有在办个案。"
    begins = "这一版已于" + moment(new.at) + "发布，" if new and new.current else "发布以后"
    yield (
        f"按新版办理的：{begins}新立的个案、新下达的定期任务、新召集的会议、新起草的名册，都从当时起按新版；"
        "人员的权限、填报的表单、台账和指标的口径，随现行版本。"
    )
    yield "放假安排和行政区划一经发布，对新旧个案都起作用；已经过去的时间和已记的超期不改。"


def _numbered(reader: Reader, actor: Actor, number: int) -> ReleaseLine:
    found = releases_below(reader, actor.jurisdiction, number + 1, 1)
    if not found or found[0].number != number:
        raise NotFound("没有这一版规则。")
    return found[0]


def _row(line: ReleaseLine, open_on: Mapping[str, int]) -> VersionRow:
    stands = "现行" if line.current else "已退下" if line.set_aside_at else ""
    by = line.published_by or "启动服务时"
    return VersionRow(line.id, line.number, line.label, line.published_at, by, stands, open_on.get(line.id, 0))


def _move(asked: Attachment) -> MoveRow:
    return MoveRow(asked.name, asked.at, asked.size, asked.media_type == MOVING)


def _label(deployment: Deployment, release: str, kind: str) -> str:
    try:
        return deployment.rulebooks.release(release).notices[kind].label
    except (KeyError, RulebookError):
        return kind
