"""Those who send lists: departments hand them in as files, some with rows that are wrong; offices take them in."""

import csv
import io
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sheets.books import listed
from xunfang.actions.feeds import discard, hand_in_list, hand_over, take_in, tell_columns, undo
from xunfang.casework import Delivery
from xunfang.errors import Refused
from xunfang.rulebook.fields import Field
from xunfang.rulebook.model import Duty, Feed, Rulebook
from year.acting import Acting
from year.people import Invented

WRONG, MENDED, UNDONE, STRANGE = 0.12, 0.4, 0.07, 0.05
"""How many rows are wrong, how many lists with such rows are mended, undone, and come under a head nobody knows."""
_ODD_WORD = "所在地"


class Sending(Acting):
    """Lists. `rows_of`: what stands in a list that is not handed over yet, the right rows and those gone wrong."""

    people: list[Invented]

    def __init__(self, *told: Any) -> None:
        super().__init__(*told)
        self.rows_of: dict[str, list[tuple[list[str], bool]]] = {}
        self.undone = 0

    def sends_a_list(self) -> bool:
        """Whether there is anybody to be listed: the fewer people, the more often there is nobody."""
        return self.chance.random() < min(0.8, 0.04 + len(self.people) / 2000)

    def send_of_an_event(self) -> None:
        """Let a department hand in whom something befell: lists that no period asks for."""
        book = self.county.now()
        able = [
            duty for duty in book.duties.values() if duty.feed and not duty.every and duty.of in self.county.by_unit
        ]
        if able:
            duty = self.chance.choice(able)
            self.send(duty.of, duty, "")

    def send(self, unit: str, duty: Duty, owed: str) -> None:
        """Hand in a list of some people."""
        book = self.county.now()
        feed = book.feeds[duty.feed]
        rows = [row for _ in range(1 + int(self.chance.expovariate(0.5))) if (row := self._row(book, feed))]
        if rows:
            self._hand_in(unit, feed, owed, [self._gone_wrong(feed, row) for row in rows])

    def _row(self, book: Rulebook, feed: Feed) -> list[str] | None:
        form, person = book.forms[feed.row_form], self.chance.choice(self.people)
        fixed: dict[str, Any] = person.told(book, form)
        if feed.place in form.fields:
            fixed[feed.place] = address(book, person)
        if "amount" in form.fields:
            fixed["amount"] = self.chance.randrange(3_000, 90_000)
        answers = self.filler.filled(book, form, self.county.at, {}, **fixed)
        return answers and [in_words(book, form.fields[name], answers.get(name)) for name in feed.columns]

    def _gone_wrong(self, feed: Feed, row: list[str]) -> tuple[list[str], bool]:
        """Return a row, sometimes with a number whose last figure is wrong, or without the name that it goes by."""
        place = list(feed.columns).index(feed.match)
        if self.chance.random() >= WRONG or not row[place]:
            return row, True
        broken = f"{row[place][:-1]}{'1' if row[place][-1] != '1' else '2'}" if feed.match == "id_number" else ""
        return [*row[:place], broken, *row[place + 1 :]], False

    def _hand_in(self, unit: str, feed: Feed, owed: str, rows: list[tuple[list[str], bool]]) -> None:
        worker = self.county.of(unit)
        heads = [words[0] for words in feed.columns.values()]
        if feed.place and self.chance.random() < STRANGE:
            heads[list(feed.columns).index(feed.place)] = _ODD_WORD
        name, data = self._file(heads, [row for row, _ in rows])
        key, _ = hand_in_list(self.county.deployment, worker, feed.id, owed, name, data, self.county.at)
        self.rows_of[key] = rows
        self.done["lists handed in"] += 1
        self.agenda.put(self.county.at + timedelta(minutes=2), self.look_at_list, key)

    def _file(self, heads: list[str], rows: list[list[str]]) -> tuple[str, bytes]:
        if self.chance.random() < 0.25:
            return "名单.xlsx", listed(*rows, heads=heads)
        text = io.StringIO()
        csv.writer(text).writerows([heads, *rows])
        return "名单.csv", text.getvalue().encode("gb18030")

    def look_at_list(self, key: str) -> None:
        """Let whoever sent a list see what became of it: tell what a column is, mend it, or hand it over."""
        sent = self.county.find(Delivery, key)
        worker = self.county.of(sent.unit)
        told = (self.county.deployment, worker, key, sent.version)
        if sent.status == "asking":
            feed = self.county.now().feeds[sent.feed]
            tell_columns(*told, {_ODD_WORD: feed.place}, self.county.at)
            self.agenda.put(self.county.at + timedelta(minutes=2), self.look_at_list, key)
        elif sent.status == "checked":
            self._send_on(sent, told)

    def _send_on(self, sent: Any, told: tuple[Any, ...]) -> None:
        rows = self.rows_of.pop(sent.id)
        wrong, bad = sum(not right for _, right in rows), sent.counts.get("bad", 0)
        self.done["wrong rows of lists"] += wrong
        if bad < wrong:
            raise AssertionError(f"{wrong} rows of a list are wrong, {bad} were found: {sent.feed}")
        feed = self.county.now().feeds[sent.feed]
        right = [row for row in rows if row[1]]
        if bad == len(rows) or (wrong and right and self.chance.random() < MENDED):
            discard(*told, self.county.at)
            if right and bad < len(rows):
                self._hand_in(sent.unit, feed, sent.owed, right)
            return
        hand_over(*told, self.county.at)
        self.done["lists handed over"] += 1
        moment = self.agenda.at_work(self.county.rulebook.calendar, self.county.at, self.chance.uniform(0.05, 2))
        self.agenda.put(moment, self.take_list_in, sent.id)

    def take_list_in(self, key: str) -> None:
        """Let whoever gets a list take it in; some are found to be the wrong ones at once."""
        sent = self.county.find(Delivery, key)
        take_in(self.county.deployment, self.county.of(sent.to[0]), key, sent.version, self.county.at)
        if not self.undone or self.chance.random() < UNDONE:
            self.undone += 1
            self.agenda.put(self.county.at + timedelta(minutes=4), self.undo_list, key)

    def undo_list(self, key: str) -> None:
        """Let a list be undone as a whole by whoever took it in."""
        sent = self.county.find(Delivery, key)
        account = self.county.by_id.get(sent.taken_by)
        if account is None:
            raise Refused("核收人已离开")
        undo(self.county.deployment, self.county.actor(account), key, sent.version, self.county.at)
        self.done["lists undone"] += 1


def address(book: Rulebook, person: Invented) -> str:
    """Return where somebody lives, as offices write it: township, village, number."""
    village = book.divisions.follow(person.village)
    names = [book.divisions.get(code).name for code in (village[:9], village)]
    return f"{''.join(names)}{1 + int(person.phone[-3:]) % 99}号"


def in_words(book: Rulebook, field: Field, value: Any) -> str:
    """Return what a list says where a form has a value."""
    if value in (None, "", []):
        return ""
    if field.list:
        entries: Mapping[str, Any] = book.lists[field.list].entries
        return "、".join(entries[each].label for each in (value if isinstance(value, list) else [value]))
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.kind == "date":
        return date.fromisoformat(str(value)).isoformat()
    return str(value)
