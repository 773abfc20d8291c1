"""The worker's part in a list that was handed in: it is read, checked and matched, a piece at a time."""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xunfang.actions.acting import Act
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.feeds import draft_of
from xunfang.actions.keeping import kept_file
from xunfang.actions.matching import Matcher
from xunfang.actions.opening_matching import OpeningMatcher
from xunfang.actions.storing import store
from xunfang.casework import Delivery, HeadWord, ListedPerson, ListedStretch, openings
from xunfang.casework.deliveries import conclude
from xunfang.clock import Now, local_date
from xunfang.rulebook.model import Feed, Rulebook
from xunfang.rules.feeds import lacking, to_be_asked, words_of
from xunfang.rules.listed import kinds_of
from xunfang.rules.openings import for_list, is_opening, settled
from xunfang.sheets.heads import Head, find_head
from xunfang.sheets.people import people_of
from xunfang.sheets.reading import ReadAnew, Row, Workbook, opened
from xunfang.sheets.said import Said, Wanted
from xunfang.sheets.sniffing import SheetRefused
from xunfang.store import Job, Transaction, connection, transaction
from xunfang.store.listed import Stretches

REASON = "核对名单"
SHEETS = 4
"""On so many sheets the list is looked for."""
TITLE = "核对问题"
"""What the column is called in which problems are told."""

_SEVERAL = "{sheets}这几张工作表里都有名单，一次只收一张。请合到一张工作表里，或者每张另存一个文件分别报送。"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading a list came to."""

    status: str
    found: Mapping[str, Any] = field(default_factory=dict)


class ListReading:
    """Reads a list in a confined child, checks and matches its rows, and writes them down as it goes.

    Rows written by a try that died are removed first; nobody sees them before the list is checked.
    """

    brief = False

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now

    def prepare(self, job: Job) -> Generator[None, None, Outcome | None]:
        """Read the list; returns what it came to, None for one that is not to be read any more."""
        with connection(self.deployment.database, job.jurisdiction) as reader:
            delivery = reader.find(Delivery, str(job.payload["delivery"]))
        if delivery is None or delivery.status != "received":
            return None
        try:
            return (yield from self._read(delivery))
        except SheetRefused as refused:
            return Outcome("failed", {"error": str(refused)})

    def finish(self, tx: Transaction, job: Job, prepared: Outcome | None) -> None:
        """Write down what it came to."""
        delivery = tx.find(Delivery, str(job.payload["delivery"]))
        if prepared is None or delivery is None:
            return
        act = Act(tx, self.deployment, machinery(job.jurisdiction, REASON), self.now())
        draft = draft_of(act, delivery)
        concluded = openings.conclude if is_opening(delivery.feed) else conclude
        concluded(draft, delivery, prepared.status, **prepared.found)
        store(act, draft.changes())

    def _read(self, delivery: Delivery) -> Generator[None, None, Outcome]:
        data = kept_file(self.deployment, delivery.sha256)
        if data is None:
            raise SheetRefused("文件在服务器上找不到或已损坏，请重新报送。")
        at = self.now()
        release = self.deployment.rulebooks.release(delivery.release)
        rulebook = for_list(release.on(local_date(at)), delivery.feed)
        feed = rulebook.feeds[delivery.feed]
        with opened(data) as book:
            del data
            sheet, head, width = self._head(book, rulebook, feed, delivery)
            told = {"head": _as_told(sheet, head, width)}
            if to_be_asked(rulebook, feed, head):
                if lacking(rulebook, feed, head) and not head.unknown:
                    raise SheetRefused(_lacks(rulebook, feed, head))
                return Outcome("asking", told)
            counts = yield from self._checked(book, sheet, head, rulebook, delivery)
            told["head"]["column"] = _column(head, max(width, book.width))
        if not counts:
            nil = "" if is_opening(delivery.feed) else "；本期确实没有的，请报“本期无新增”"
            raise SheetRefused(f"表头下面没有人。请核对名单是否在这个文件里{nil}。")
        return Outcome("checked", {**told, "counts": dict(counts)})

    def _head(self, book: Workbook, rulebook: Rulebook, feed: Feed, delivery: Delivery) -> tuple[str, Head, int]:
        with connection(self.deployment.database, delivery.jurisdiction) as reader:
            of = {"jurisdiction": delivery.jurisdiction, "unit": delivery.unit, "feed": delivery.feed}
            remembered = {row.word: row.column for row in reader.every(HeadWord, **of)}
        words = words_of(rulebook, feed, remembered)
        ignored = [TITLE, *(word for word, column in remembered.items() if not column)]
        found: list[tuple[bool, int, str, Head, int]] = []
        for sheet in book.sheets[:SHEETS]:
            rows = book.beginning(sheet)
            if head := find_head(rows, words, ignored):
                full = not lacking(rulebook, feed, head) and _has_people(rulebook, feed, head, rows)
                found.append((full, len(head.names), sheet, head, max(map(len, rows), default=0)))
        if not found:
            heads = "、".join(each[0] for each in feed.columns.values())
            raise SheetRefused(f"没有找到表头。名单应有{heads}等列，请核对是否选错了文件，或者下载模板照着填。")
        if len(several := [each[2] for each in found if each[0]]) > 1:
            raise SheetRefused(_SEVERAL.format(sheets="、".join(f"“{each}”" for each in several)))
        _, _, sheet, head, width = max(found, key=lambda each: each[:2])
        return sheet, settled(feed.id, head), width

    def _checked(
        self, book: Workbook, sheet: str, head: Head, rulebook: Rulebook, delivery: Delivery
    ) -> Generator[None, None, Counter[str]]:
        """Check all people of a list; where its file turns out to be written in an unusual way, from the first on."""
        wanted = _wanted(rulebook, rulebook.feeds[delivery.feed], head)
        for _ in range(2):
            kind = OpeningMatcher if is_opening(delivery.feed) else Matcher
            matcher = kind(self.deployment, delivery, rulebook, self.now())
            try:
                return (yield from self._check(delivery, matcher, book.people(sheet, wanted)))
            except ReadAnew:
                continue
        raise SheetRefused("文件打不开：可能已损坏。请用 Excel 或 WPS 打开后另存一份再报。")

    def _check(
        self, delivery: Delivery, matcher: Matcher | OpeningMatcher, people: Iterator[Said]
    ) -> Generator[None, None, Counter[str]]:
        counts, n, stretches = Counter[str](), 0, Stretches(self.deployment.keys, delivery)
        yield from self._removed(delivery)
        for said in people:
            with connection(self.deployment.database, delivery.jurisdiction) as reader:
                listed = matcher.judged(reader, said, n)
            counts.update(each.verdict for each in listed)
            n += len(listed)
            self._write(delivery, stretches.add(listed))
            yield
        self._write(delivery, stretches.rest())
        return counts

    def _write(self, delivery: Delivery, stretches: Sequence[ListedStretch]) -> None:
        if stretches:
            with transaction(self.deployment.database, delivery.jurisdiction) as tx:
                tx.insert_all(stretches)

    def _removed(self, delivery: Delivery) -> Iterator[None]:
        """Remove what a try that died has written, a few stretches at a time."""
        while True:
            with transaction(self.deployment.database, delivery.jurisdiction) as tx:
                found = tx.select(ListedStretch, limit=20, delivery=delivery.id)
                for stretch in found:
                    tx.delete(ListedStretch, id=stretch.id)
                if not found:
                    tx.delete(ListedPerson, delivery=delivery.id)
                    return
            yield


def _has_people(rulebook: Rulebook, feed: Feed, head: Head, rows: Sequence[Row]) -> bool:
    wanted = _wanted(rulebook, feed, head)
    return next(people_of(rows, head, wanted.each, wanted.named), None) is not None


def _wanted(rulebook: Rulebook, feed: Feed, head: Head) -> Wanted:
    form = rulebook.forms[feed.row_form]
    each, named = form.person.get("id_number", feed.match), form.person.get("name", "")
    return Wanted(head, each, named, kinds_of(form, feed))


def _lacks(rulebook: Rulebook, feed: Feed, head: Head) -> str:
    titles = "、".join(feed.columns[name][0] for name in lacking(rulebook, feed, head))
    return f"名单里没有“{titles}”这一列，没有它收不进来。请补上以后重报，或者下载模板照着填。"


def _as_told(sheet: str, head: Head, width: int) -> dict[str, Any]:
    """Return what is kept of where a list stands, and where the column for problems goes."""
    return {
        "sheet": sheet,
        "first": head.first,
        "last": head.last,
        "column": _column(head, width),
        "columns": {str(place): name for place, name in head.columns.items()},
        "words": {str(place): word for place, word in head.words.items()},
        "unknown": {str(place): word for place, word in head.unknown.items()},
    }


def _column(head: Head, width: int) -> int:
    """Return the column for problems: where one stood before, or behind all."""
    before = [place for place, word in head.words.items() if word == TITLE]
    return before[0] if before else width
