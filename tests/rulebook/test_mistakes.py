"""What an administrator is told: for each real mistake the whole text, kept in snapshots/ and read like a letter.

The mistakes are made in county/, 博山区's files as they once stood: so a snapshot changes with our words only.

A changed wording is a change of the product: look at it, then write the snapshots anew with

    XUNFANG_SNAPSHOTS=write pytest tests/rulebook/test_mistakes.py
"""

import os
import shutil
from pathlib import Path

import pytest

from rulebook.mistakes import MISTAKES, F, Mistake, W
from xunfang.errors import RulebookError
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import UnreadableError, read_files

SNAPSHOTS = Path(__file__).parent / "snapshots"
BOSHAN = "370304-boshan"
MOST_FOR_ONE_SLIP = 3


@pytest.fixture(scope="session")
def files() -> dict[str, str]:
    return read_files(Path(__file__).parent / "county")


def test_the_county_is_without_mistakes(files: dict[str, str]) -> None:
    assert compile_rulebook(files, BOSHAN).id == BOSHAN


def _told(files: dict[str, str], *mistakes: Mistake) -> str:
    for mistake in mistakes:
        files = mistake.made_in(files)
    with pytest.raises(RulebookError) as caught:
        compile_rulebook(files, BOSHAN)
    return f"{caught.value}\n"


def _is_said(name: str, told: str) -> None:
    snapshot = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("XUNFANG_SNAPSHOTS") == "write":
        SNAPSHOTS.mkdir(exist_ok=True)
        snapshot.write_text(told, "utf-8")
    assert told == snapshot.read_text("utf-8")


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_says(mistake: Mistake, files: dict[str, str]) -> None:
    told = _told(files, mistake)
    _is_said(mistake.name, told)
    lines = [line for line in told.splitlines() if not line.startswith("    ")]
    assert len(lines) <= MOST_FOR_ONE_SLIP, "one slip of the pen must not be reported over and over"


def _link_out(folder: Path) -> None:
    (folder / W / "meetings.toml").unlink()
    (folder / W / "meetings.toml").symlink_to("/etc/hostname")


def _not_utf8(folder: Path) -> None:
    (folder / W / "meetings.toml").write_bytes('label = "会商"'.encode("gbk"))


ON_DISK = {"link-to-elsewhere": _link_out, "saved-as-gbk": _not_utf8}


@pytest.mark.parametrize("name", ON_DISK)
def test_says_of_files_as_they_lie(name: str, tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parent / "county", tmp_path, dirs_exist_ok=True)
    ON_DISK[name](tmp_path)
    with pytest.raises(UnreadableError) as caught:
        read_files(tmp_path)
    _is_said(name, f"{caught.value}\n")


def test_says_of_a_file_on_a_failing_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def failing(path: Path) -> bytes:
        if path.name == "meetings.toml":
            raise OSError
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", failing)
    with pytest.raises(UnreadableError) as caught:
        read_files(Path(__file__).parent / "county")
    _is_said("failing-disk", f"{caught.value}\n")


def test_says_of_a_layer_that_is_not_there(files: dict[str, str]) -> None:
    with pytest.raises(RulebookError) as caught:
        compile_rulebook(files, "370304-bosan")
    _is_said("layer-misspelt", f"{caught.value}\n")


def test_every_snapshot_belongs_to_a_mistake() -> None:
    names = {mistake.name for mistake in MISTAKES} | {*ON_DISK, "failing-disk", "layer-misspelt"}
    assert {file.stem for file in SNAPSHOTS.glob("*.txt")} == names


def test_names_are_used_once() -> None:
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES) >= 40


def _named(*names: str) -> list[Mistake]:
    return [mistake for mistake in MISTAKES if mistake.name in names]


def test_several_mistakes_in_several_files_are_told_at_once(files: dict[str, str]) -> None:
    names = (
        "unit-misspelt",
        "limit-in-chinese",
        "number-without-n",
        "outcome-to-nowhere",
        "division-level",
        "feed-column",
    )
    told = _told(files, *_named(*names))
    for expected in ("routing.toml:12", "deadlines.toml:24", "notices.toml:6", "flows/clue.toml:", "divisions.csv:5"):
        assert expected in told
    assert "feeds.toml:10" in told


def test_unreadable_files_and_wrong_shapes_are_told_at_once(files: dict[str, str]) -> None:
    told = _told(files, *_named("full-width-equals", "json-missing-comma", "unknown-layout", "hit-misspelt"))
    for expected in (f"{W}/deadlines.toml:2", f"{F}/clue-report.json:", f"{W}/notices.toml:5", f"{W}/routing.toml:3"):
        assert expected in told


def test_after_a_slip_of_the_pen_the_rest_of_the_file_and_all_others_are_read(files: dict[str, str]) -> None:
    misspelt = Mistake("act", f"{W}/deadlines.toml", 'act = "escalate"', 'act = "escalat"')
    again = Mistake("again", f"{W}/deadlines.toml", 'label = "个案办结"', 'label ＝ "个案办结"')
    told = _told(files, *_named("full-width-equals", "unit-misspelt"), misspelt, again)
    assert told.count("[FILE_SYNTAX]") == 2
    for expected in ("deadlines.toml:2  [FILE_SYNTAX]", "feedback.escalate[2].act  [VALUE_UNKNOWN]", "[NAME_UNKNOWN]"):
        assert expected in told
    assert "KEY_MISSING" not in told


def test_problems_stand_in_the_order_of_files_and_lines(files: dict[str, str]) -> None:
    told = _told(files, *_named("number-without-n", "unit-misspelt", "row-id-twice"))
    places = [line.split("  ")[0] for line in told.splitlines() if not line.startswith("    ")]
    assert places == sorted(places, key=lambda place: (place.split(":")[0], int(place.split(":")[1])))
