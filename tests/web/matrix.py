"""The authorization matrix: every address × method × role × relation to its object, and what each may be answered."""

import io
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import blake2b
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from conftest import JURISDICTION, PASSWORD, Person
from counties import CANARIES, EAST_VILLAGE, OTHER_COUNTY, STAFF, THERE_VILLAGE, Counties, photo_of, rulebooks
from pristine import pristine
from pypdf import PdfReader

from xunfang.store.rows import all_tables
from xunfang.web.access import ACCESS

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")
NOBODY = "nobody"
UNKNOWN = "0" * 32
RECORD = ("event", "session", "seen")
"""Tables in which it is noted that somebody asked; every other one belongs to the acts."""
ANSWERS = {403: "refused", 404: "not-found", 405: "method", 409: "conflict", 401: "sign-in"}
ANSWERS |= dict.fromkeys((200, 201, 204, 302, 303), "ok")
OF_RELATIONS = ("ok", "refused", "not-found", "conflict")


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    name: str
    acts: str
    method: str = "GET"
    args: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)  # by relation
    rest: str = ""
    unless: Mapping[str, str] = field(default_factory=dict)
    send: Mapping[str, Any] = field(default_factory=dict)
    shows: frozenset[str] = frozenset()

    @property
    def endpoint(self) -> str:
        """The endpoint the row speaks of."""
        return self.name.partition("#")[0]

    @property
    def methods(self) -> frozenset[str]:
        """The methods the row opens."""
        return frozenset({self.method, "OPTIONS"} | ({"HEAD"} if self.method == "GET" else set()))


@dataclass(frozen=True)
class Relation:
    """What a visitor is to the object: where they work, how far they see, what they may know."""

    unit: str
    division: str = ""
    jurisdiction: str = JURISDICTION
    knows: str = ""
    inbox: str = ""
    only: str = ""


@dataclass(frozen=True)
class Visitor:
    """One role in one relation; the relation "nobody" is not signed in."""

    role: str
    relation: str
    acts: frozenset[str] = frozenset()
    person: Person | None = None

    @property
    def login(self) -> str:
        """The name they sign in with."""
        return f"{self.role}-{self.relation}"


@dataclass(frozen=True)
class Cell:
    """One question: what is this visitor answered who asks for this row's address by this method?"""

    row: Row
    method: str
    visitor: Visitor
    path: str
    answer: str

    def __str__(self) -> str:
        return f"{self.method} {self.row.name} as {self.visitor.login}"


class Table:
    """The table as written down."""

    def __init__(self) -> None:
        data = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text("utf-8"))
        self.objects: dict[str, str] = data["objects"]
        self.groups: dict[str, str] = data["acts"]
        self.relations = {name: Relation(**told) for name, told in data["relations"].items()}
        self.rows = tuple(self._row(name, told) for name, told in data["rows"].items())

    def _row(self, name: str, told: dict[str, Any]) -> Row:
        answers = {who: answer for answer in OF_RELATIONS for who in told.pop(answer, "").split()}
        assert set(answers) <= {*self.relations}, f"{name}: no such relation"
        return Row(name, answers=answers, shows=frozenset(told.pop("shows", "").split()), **told)

    def acts_of(self, row: Row) -> frozenset[str]:
        """Return the acts of which a row demands one."""
        return frozenset(self.groups.get(row.acts, row.acts).split())

    @cached_property
    def visitors(self) -> tuple[Visitor, ...]:
        """Every role of the national layer in every relation, and nobody."""
        found = [Visitor("", NOBODY)]
        for relation, where in self.relations.items():
            for role, rule in rulebooks()[where.jurisdiction].roles.items():
                if role in national_roles():
                    acts = frozenset(rule.may) & frozenset(where.only.split() if where.only else rule.may)
                    person = Person(f"{role}-{relation}", where.unit, (role,), where.division, where.jurisdiction)
                    found.append(Visitor(role, relation, acts, person))
        return tuple(found)

    def answer(self, row: Row, method: str, visitor: Visitor) -> str:
        """Return what the table says a visitor is answered."""
        acts = self.acts_of(row)
        if row.acts != "public" and visitor.relation == NOBODY:
            return "sign-in"
        if row.acts not in ("", "public") and not acts & visitor.acts:
            return "refused"
        if method == "OPTIONS":
            return "ok"
        answer = row.answers.get(visitor.relation, row.rest or ("not-found" if row.answers or row.args else "ok"))
        if answer == "ok" and row.unless and not self._holds(row.unless, visitor):
            return row.unless["answer"]
        return answer

    @staticmethod
    def _holds(unless: Mapping[str, str], visitor: Visitor) -> bool:
        elsewhere = "of" in unless and visitor.relation not in unless["of"].split()
        may = not visitor.acts.isdisjoint(unless.get("act", "").split())
        return elsewhere or may or unless.get("role", "") == visitor.role


@cache
def national_roles() -> frozenset[str]:
    """Return the roles that the national layer defines."""
    root = Path(__file__).parents[2] / "workflows" / "00-national" / "roles.toml"
    return frozenset(tomllib.loads(root.read_text("utf-8")))


@cache
def words_of_paper(pdf: bytes) -> str:
    """Return the text of a PDF without its line ends."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


LINKS = re.compile(r'(?:href|src|action|formaction|data-[a-z-]*url)="([^"]*)"')


class Matrix:
    """Asks every question of the table of a running site, and remembers each answer that is not as written."""

    def __init__(self, counties: Counties, table: Table) -> None:
        self.counties, self.table, self.town = counties, table, counties.town
        self.wrong: list[str] = []
        self.seen: set[str] = set()
        self.asked = 0
        self.every_relation = False
        self.client = self.town.app.test_client(use_cookies=False)
        self.rules: dict[str, Any] = {}
        for rule in self.town.app.url_map.iter_rules():
            self.rules.setdefault(rule.endpoint, rule)
        self._nothing: dict[tuple[Visitor, str, str, str], tuple[int, bytes]] = {}
        self._found: dict[bytes, tuple[frozenset[str], frozenset[str]]] = {}
        self.tokens = {visitor: self._tokens(visitor) for visitor in table.visitors}
        self.canaries: dict[str, list[str]] = {}
        for part, word in _canaries(counties):
            self.canaries.setdefault(word, []).append(part)
        self.parts = {visitor: self._known(visitor) for visitor in table.visitors}
        self._pristine = pristine(self.town.deployment.database.url, RECORD)
        self._version = self._pristine.version()

    def close(self) -> None:
        """Let go of the database."""
        self._pristine.close()

    # ----- the questions

    def cells(self, *names: str, thorough: bool = True) -> Iterator[Cell]:
        """Yield every cell, of these rows or endpoints where any are named.

        Not thorough: only by the method each row opens. Other methods: once an endpoint.

        A method that no row of an address opens is refused before anything is looked up, whoever asks: two visitors do,
        at row after row two others. Whoever has none of the acts of an address is refused by the gate, which knows acts
        and no object; OPTIONS is answered by that alone; HEAD is answered as GET is, without its page. So each role
        asks for these in one relation, of row after row in another. Where that is wanted, all ask for all.
        """
        opened: dict[str, set[str]] = {}
        for row in self.table.rows:
            opened.setdefault(self._rule(row).rule, set()).update(row.methods)
        for place, row in enumerate(self.table.rows):
            if names and row.name not in names and row.endpoint not in names:
                continue
            path, some = self.path(row), _in_some_relation(self.table.visitors, place)
            for turn, method in enumerate(METHODS):
                elsewhere = method in opened[self._rule(row).rule] and method not in row.methods
                again = method != row.method and "#" in row.name
                if elsewhere or again or not (thorough or method == row.method):
                    continue
                known = method in row.methods
                its_own = known and method not in ("OPTIONS", "HEAD")
                if self.every_relation:
                    asking = self.table.visitors
                elif known:
                    asking = self._let_in_or(some, row, self.table.visitors if its_own else some)
                else:
                    asking = [some[(place + turn + n) % len(some)] for n in range(2)]
                for visitor in asking:
                    answer = self.table.answer(row, method, visitor) if known else "method"
                    yield Cell(row, method, visitor, path, answer)

    def _let_in_or(self, some: Sequence[Visitor], row: Row, asking: Iterable[Visitor]) -> list[Visitor]:
        """Return of visitors whom the gate lets in at the address of a row, or at least the table, and some others."""
        demanded, acts = ACCESS[row.endpoint].acts, self.table.acts_of(row)
        kept_out = {each for each in asking if demanded and acts and not (demanded | acts) & each.acts}
        return [each for each in asking if each in some or each not in kept_out]

    def path(self, row: Row, *, unknown: bool = False) -> str:
        """Return the address of a row with its object, or with one that does not exist."""
        rule = self._rule(row)
        values = {name: UNKNOWN if unknown else self._key(row, name) for name in rule.arguments}
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], rule.rule)

    def _rule(self, row: Row) -> Any:
        found = self.rules.get(row.endpoint)
        assert found is not None, f"matrix.toml names {row.name}, but no such address is served: take the row out."
        return found

    def _key(self, row: Row, name: str) -> str:
        assert name in {**self.table.objects, **row.args}, f"matrix.toml: [objects] lacks {name} of {row.name}."
        key = row.args.get(name, self.table.objects.get(name, ""))
        return key[1:] if key.startswith("=") else self.counties.keys[key]

    # ----- asking

    def notices(self, *names: str) -> bool:
        """Return whether some answer to these rows (or endpoints) is not as written; the findings are forgotten."""
        self._undo()  # what earlier questions left in the record must not hide anything
        for cell in self.cells(*names, thorough=False):
            self.ask(cell)
            if self.wrong:
                self.wrong.clear()
                return True
        return False

    def ask(self, cell: Cell) -> None:
        """Ask one question and compare the answer."""
        self.asked += 1
        got = self.send(cell)
        answer = ANSWERS.get(got.status_code, str(got.status_code))
        if answer == "ok" and got.headers.get("Location", "").startswith("/login?next="):
            answer = "sign-in"
        if answer != cell.answer:
            self.wrong.append(f"{cell}: {answer}, not {cell.answer}")
        self._search(cell, got)
        self._compare_rows(cell, answer)
        if cell.answer == answer == "not-found" and cell.method == cell.row.method:
            self._compare_with_nothing(cell, got)

    def send(self, cell: Cell, extra: Mapping[str, str] | None = None, *, unknown: bool = False) -> Any:
        """Ask for a cell's address, or for one alike whose object does not exist; `extra` fields go with a POST."""
        cookie, csrf = self.tokens[cell.visitor]
        path = self.path(cell.row, unknown=True) if unknown else cell.path
        send = {name: self._sent(value, cell.visitor) for name, value in cell.row.send.items()} | dict(extra or {})
        data = None if cell.method in ("GET", "HEAD", "OPTIONS") else {"csrf": csrf, **send}
        got = self.client.open(path, method=cell.method, headers={"Cookie": cookie}, data=data)
        got.get_data()
        got.close()
        return got

    def _sent(self, value: Any, visitor: Visitor) -> Any:
        own = {
            "@@login": visitor.login if visitor.person else STAFF[0].login,
            "@@password": PASSWORD,
            "@@village": THERE_VILLAGE
            if visitor.person and visitor.person.jurisdiction == OTHER_COUNTY
            else EAST_VILLAGE,
            "@@unit": visitor.person.unit if visitor.person else "",
        }
        if value == "@@photo":
            return (io.BytesIO(photo_of("new")), "a.jpg")
        if value == "@@list":
            return (io.BytesIO("姓名,身份证号\n无名氏,1".encode()), "a.csv")
        if isinstance(value, str) and value.startswith("@"):
            return own[value] if value in own else self.counties.keys[value[1:]]
        return value

    def _tokens(self, visitor: Visitor) -> tuple[str, str]:
        """Return the cookie a visitor sends with every question, and the token of their pages."""
        if visitor.person is None:
            return "xunfang-entry=presign", "presign"
        browser = self.town.client(visitor.login)
        cookie = browser.client.get_cookie("xunfang")
        assert cookie
        return f"xunfang={cookie.value}", browser.csrf

    # ----- what the answer tells

    def _known(self, visitor: Visitor) -> frozenset[str]:
        """Return what a visitor may come to know: "<group>.<part>"."""
        if visitor.person is None:
            return frozenset()
        where = self.table.relations[visitor.relation]
        known = {f"{where.jurisdiction}.staff", f"{where.jurisdiction}.job"}
        if visitor.acts & frozenset(self.table.groups["casework"].split()):
            parts = ("plain", "number", "photo", "illness", "id_number", "phone")
            known |= {f"{group}.{part}" for group in where.knows.split() for part in parts}
            known |= frozenset(where.inbox.split())
        if "audit" in visitor.acts:  # the record of a jurisdiction names its cases, and nobody in them
            here = [group for group in CANARIES if (group == "there") == (where.jurisdiction == OTHER_COUNTY)]
            known |= {f"{group}.number" for group in here}
        return frozenset(known)

    def _told(self, got: Any) -> str:
        return _head(got) + _page(got)

    def _search(self, cell: Cell, got: Any) -> None:
        everywhere = {"plain", "number", "staff"} | cell.row.shows
        sent = {self._sent(value, cell.visitor) for value in cell.row.send.values() if isinstance(value, str)}
        words, linked = self._words_in_page(got)
        words |= self._words_in(_head(got))[0]
        for word, parts in self.canaries.items():
            if word not in words or word in sent:  # a form that comes back tells whoever sent it nothing
                continue
            self.seen.update(parts)
            known = self.parts[cell.visitor].intersection(parts)
            if not any(part.partition(".")[2] in everywhere for part in known):
                self.wrong.append(f"{cell}: tells {parts}: {word}")
        location = got.headers.get("Location", "")
        self.wrong += [f"{cell}: a link tells {word}" for word in self.canaries if word in linked or word in location]
        if cell.row.endpoint != "static" and got.headers["Cache-Control"] != "no-store":
            self.wrong.append(f"{cell}: may be kept in a cache")

    def _words_in_page(self, got: Any) -> tuple[frozenset[str], frozenset[str]]:
        """Return what `_words_in` finds in a page; looked for once in all that are the same, as most refusals are."""
        key = blake2b(got.data).digest()
        if key not in self._found:
            self._found[key] = self._words_in(_page(got))
        return self._found[key]

    def _words_in(self, told: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the canaries that a text tells, however it is written, and those that its links tell."""
        plain = unescape(unquote(told)) if "&" in told or "%" in told else told
        if "\\u" in plain:
            plain += re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), plain)
        links = unquote(unescape("\n".join(LINKS.findall(told))))
        return self._among(plain), self._among(links)

    def _among(self, text: str) -> frozenset[str]:
        return frozenset(word for word in self.canaries if word in text)

    def _compare_with_nothing(self, cell: Cell, got: Any) -> None:
        """What is out of sight is answered exactly as what does not exist."""
        if cell.row.args.get("form_id") or cell.row.send.get("task"):
            return
        asked = (cell.visitor, cell.method, self.path(cell.row, unknown=True), repr(cell.row.send))
        if asked not in self._nothing:
            nothing = self.send(cell, unknown=True)
            self._nothing[asked] = nothing.status_code, nothing.data
        if self._nothing[asked] != (got.status_code, got.data):
            self.wrong.append(f"{cell}: tells that it exists")

    # ----- what the answer changed

    def _compare_rows(self, cell: Cell, answer: str) -> None:
        if cell.method == cell.row.method == "POST" and cell.answer == "ok":
            self._undo()
        elif self.changed():
            self.wrong.append(f"{cell}: {answer}, yet rows changed")

    def changed(self) -> bool:
        """Return whether any row changed since the last question, those of the record apart; undo it."""
        version = self._pristine.version()
        if version == self._version:
            return False
        changed, self._version = self._pristine.changed(), version
        if changed:
            self._undo()
        return changed

    def difference(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return the rows that are there now and were not, keys, hashes and sealed bytes left out; undo it all."""
        found = {}
        for name in self._pristine.touched():
            if name in RECORD:
                continue
            rows = self._pristine.new(name)
            found[name] = sorted((tuple(map(_steady, self._opened(name, row))) for row in rows), key=repr)
        self._undo()
        return found

    def _opened(self, name: str, row: tuple[Any, ...]) -> Iterator[Any]:
        """Yield the values of a row, what lies sealed in its own columns opened."""
        table = next((table for table in all_tables() if table.name == name), None)
        if table is None or not table.sealed:
            yield from row
            return
        columns = self._pristine.columns(name)
        opened = table.opened(dict(zip(columns, row, strict=True)), self.town.deployment.keys)
        yield from (str(opened[column]) if column in table.sealed else opened[column] for column in columns)

    def _undo(self) -> None:
        self._pristine.undo()
        self._version = self._pristine.version()


def _head(got: Any) -> str:
    return "\n".join(f"{name}: {value}" for name, value in got.headers)


def _page(got: Any) -> str:
    return words_of_paper(got.data) if got.data.startswith(b"%PDF") else got.data.decode("utf-8", "replace")


def _in_some_relation(visitors: Iterable[Visitor], place: int) -> list[Visitor]:
    """Return each role in one relation, which the place of a row decides, and whoever has not signed in."""
    of_role: dict[str, list[Visitor]] = {}
    for visitor in visitors:
        of_role.setdefault(visitor.role, []).append(visitor)
    return [found[(place + n) % len(found)] for n, found in enumerate(of_role.values())]


def _steady(value: Any) -> Any:
    """Return a stored value without what is new each time."""
    made_anew = isinstance(value, bytes) or (isinstance(value, str) and value.startswith("$argon2"))
    return (
        "…" if made_anew else re.sub(r"[0-9a-f]{32,64}|[A-Z2-7]{32}", "…", value) if isinstance(value, str) else value
    )


def _canaries(counties: Counties) -> Iterator[tuple[str, str]]:
    yield from ((f"{group}.number", number) for group, number in counties.numbers)
    for group, canary in CANARIES.items():
        yield from ((f"{group}.{part}", word) for part, words in canary.parts.items() for word in words)
    yield from ((f"{person.jurisdiction}.staff", f"测试{person.login}") for person in STAFF)
    yield from ((f"{jurisdiction}.job", f"parked-{jurisdiction}") for jurisdiction in rulebooks())
