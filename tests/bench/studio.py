"""The studio: how long after a block is saved its check is there, for each county, beside a check of all files anew.

Saved as a page saves it, on the server alone (no socket), with the child that checks drafts warm. `answer` is the whole
of it: the block posted and the page that follows, which tells what the check found; `check` is the child's part of it.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle, islice, zip_longest
from pathlib import Path as Folder
from typing import Any

from flask import Flask

from xunfang import clock
from xunfang.actions.deployment import Deployment, Rulebooks
from xunfang.actions.publishing import publish
from xunfang.actions.signing_in import token_hash
from xunfang.app import create_app
from xunfang.checking.examiner import Examiner
from xunfang.clock import local_date
from xunfang.desk.studio.block_keys import key_said
from xunfang.desk.studio.said_options import options_said
from xunfang.garbage import keep_for_good
from xunfang.prove.examined import Examined
from xunfang.rulebook.block_forms import form_of, posted_by
from xunfang.rulebook.blocks import Block, blocks_of, is_in_blocks
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import Files, read_files
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.positions import Path
from xunfang.settings import read_settings
from xunfang.store import Account, FileKeys, FileStore, Keys, Session, new_id, open_database, transaction, upgrade

ROOT = Folder(__file__).resolve().parents[2]
EDITS = 40
SAMPLES = 12
_MARK = "（改）"
_ANEW = """
import sys, time
from datetime import date
from pathlib import Path
from xunfang.checking import check
from xunfang.rulebook.files import read_files
begun = time.perf_counter()
found = check(read_files(Path(sys.argv[1])), sys.argv[2], date.fromisoformat(sys.argv[3]))
assert found.rulebook is not None
print(time.perf_counter() - begun)
"""


class Timed(Examiner):
    """Examines drafts, and notes how long each examination took; `busy`: in processor time, here and in the children.

    What others compute meanwhile counts for nothing then.
    """

    def __init__(self, *, busy: bool = False) -> None:
        super().__init__()
        self.busy = busy
        self.lasted: list[float] = []

    def clock(self) -> float:
        """Return seconds since some moment."""
        if not self.busy:
            return time.perf_counter()
        children = (county._warm._child for county in self._counties.values())
        return time.process_time() + sum(_spent(child._process.pid) for child in children if child)

    def examine(self, files: Files, jurisdiction: str, day: date, whose: str = "") -> Examined:
        begun = self.clock()
        try:
            return super().examine(files, jurisdiction, day, whose)
        finally:
            self.lasted.append(self.clock() - begun)


def _spent(process: int) -> float:
    """Return the processor time of another process."""
    return int(Folder(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def studio(edits: int = EDITS, *, busy: bool = False) -> None:
    """Print, for each county that is served, what an edit, its check and a sample of a paper cost."""
    how = "processor time" if busy else "time on the wall"
    load = f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    print(f"the studio, {edits} edits each, {how}; {load}")
    for county in read_settings(ROOT / "config.toml").serves:
        with tempfile.TemporaryDirectory() as folder:
            _county(Folder(folder), county, edits, Timed(busy=busy))


def _county(folder: Folder, county: str, edits: int, examiner: Timed) -> None:
    book = compile_rulebook(read_files(ROOT), county)
    deployment = _opened(folder, book)
    app = create_app(read_settings(ROOT / "config.toml"), deployment)
    app.extensions["xunfang"] = replace(app.extensions["xunfang"], examiner=examiner)
    person = Person(deployment, app, county)
    keep_for_good()  # as a server does once it is put together
    answers, checks = _edited(person, book, examiner, edits)
    anew = min(_anew(county, "process_time" if examiner.busy else "perf_counter") for _ in range(3))
    _told(
        f"{county}: answer after an edit", answers, f"ratio to all files anew {anew / statistics.median(answers):.1f}"
    )
    _told("  the check in the child", checks, f"all files anew {anew * 1000:,.0f} ms")
    _told("  a sample of a paper, warm", _samples(person, book))
    examiner.close()
    deployment.database.close()


def _told(what: str, lasted: Sequence[float], more: str = "") -> None:
    found = sorted(each * 1000 for each in lasted)
    half, most = statistics.median(found), found[min(len(found) - 1, len(found) * 19 // 20)]
    print(f"{what:<42}{half:>8,.0f} ms half, {most:>6,.0f} ms 95 of 100, {found[-1]:>6,.0f} ms   {more}", flush=True)


class Person:
    """Somebody who edits the rules of a county in a draft of their own."""

    def __init__(self, deployment: Deployment, app: Flask, county: str) -> None:
        self.app, self.client = app, app.test_client()
        account, token, csrf = _signed_in(deployment, county)
        self.client.set_cookie("xunfang", token)
        self.actor, self.csrf = deployment.actor(account), csrf
        self.at = self.post("/studio/begin/change-set", {"title": "测速"}).partition("?")[0]

    def post(self, path: str, data: Mapping[str, Any]) -> str:
        """Post something and return where to go on."""
        answer = self.client.post(path, data={"csrf": self.csrf, **data})
        assert answer.status_code == 303, (path, answer.status_code)
        return answer.headers["Location"]

    def read(self, path: str) -> bytes:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.get_data()

    def files(self) -> Files:
        """Return the files of the draft as it stands."""
        found: Files = self.app.extensions["xunfang"].readings.studio.drafted(self.actor, self.at.split("/")[2]).files
        return found


def _edited(person: Person, book: Rulebook, examiner: Timed, edits: int) -> tuple[list[float], list[float]]:
    person.read(f"{person.at}/routing/")  # whoever edits has looked at a page before
    answers, checks = list[float](), list[float]()
    for path, key in _blocks(person.files(), book.id, edits):
        posted = _posted(path, person.files()[path], key, book)
        begun, before = examiner.clock(), len(examiner.lasted)
        page = person.read(person.post(f"{person.at}/rules/save/{path}", posted))
        answers.append(examiner.clock() - begun)
        checks.append(sum(examiner.lasted[before:]))
        assert _MARK.encode() in page
    return answers, checks


def _blocks(files: Files, layer: str, many: int) -> Iterator[tuple[str, Path]]:
    """Yield so many blocks that have a label, of one file of the layer after the other."""
    found = [
        [(path, block.key) for block in blocks_of(path, text) if block.key and isinstance(_label(block), str)]
        for path, text in sorted(files.items())
        if path.split("/")[1] == layer and path.endswith(".toml") and is_in_blocks(path) and "/scenarios/" not in path
    ]
    turns = (each for turn in zip_longest(*found) for each in turn if each)
    yield from islice(turns, many)


def _label(block: Block) -> Any:
    return block.data.get("label") if isinstance(block.data, dict) else None


def _posted(path: str, text: str, key: Path, book: Rulebook) -> dict[str, Any]:
    """Return what a page posts of a block that is called something else now."""
    blocks = blocks_of(path, text)
    block = next(each for each in blocks if each.key == key)
    posted = posted_by(form_of(path, blocks, key, options_said(book)).inputs)
    posted["label"] = (f"{posted['label'][0]}{_MARK}",)
    return {
        **{name: list(texts) for name, texts in posted.items()},
        "block": key_said(key),
        "digest": block.digest,
        "new": "",
        "before": "",
        "back": "",
    }


def _samples(person: Person, book: Rulebook) -> list[float]:
    found = list[float]()
    for kind in list(islice(cycle(book.notices), SAMPLES + 1)):
        begun = time.perf_counter()
        assert person.read(f"{person.at}/papers/{kind}/sample.pdf").startswith(b"%PDF")
        found.append(time.perf_counter() - begun)
    return found[1:]  # before the first the press has to begin


def _anew(county: str, clock_: str) -> float:
    """Return how long a new process takes to read, compile and check all files of a county."""
    command = [
        sys.executable,
        "-c",
        _ANEW.replace("perf_counter", clock_),
        str(ROOT),
        county,
        local_date(clock.now()).isoformat(),
    ]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _opened(folder: Folder, book: Rulebook) -> Deployment:
    provider = FileKeys(folder / "data.key")
    provider.create()
    keys, at = Keys(provider), clock.now()
    database = open_database(f"sqlite:///{folder / 'studio.db'}")
    upgrade(database, keys, at)
    files, books = FileStore(folder / "files", keys), Rulebooks(database, {book.id: book})
    deployment = Deployment(database, keys, files, books)
    publish(deployment, read_files(ROOT), at)
    return deployment


def _signed_in(deployment: Deployment, county: str) -> tuple[Account, str, str]:
    """Return somebody who edits rules, with the token of their session and that of its pages."""
    at, token, csrf = clock.now(), new_id(), new_id()
    book = deployment.rulebooks.of(county)
    unit = next(unit.id for unit in book.units.values() if not unit.per)
    account = Account(
        id=new_id(), login="bench", name="测速", password_hash="", jurisdiction=county, unit=unit,
        roles=("rule-editor",), created_at=at, password_set_at=at,
    )  # fmt: skip
    times = {"created_at": at, "last_seen_at": at, "ends_at": at + timedelta(hours=9)}
    with transaction(deployment.database, "") as tx:
        tx.insert(account)
        tx.insert(Session(token_hash=token_hash(token), account=account.id, csrf=csrf, **times))
    return account, token, csrf
