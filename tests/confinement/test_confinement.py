"""A child costs what it may and no more, sees nothing of ours, and its end is never ours."""

import os
import resource
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from xunfang.confinement import Confined, HangupError, Limits, WarmChild

LIMITS = Limits(memory=400_000_000, cpu=20, wall=600.0, answer=1_000_000)
TESTS = str(Path(__file__).parents[1])


def _begin(limits: Limits) -> Confined:
    def equip(folder: Path) -> dict[str, str]:
        return {"PYTHONPATH": os.pathsep.join((TESTS, str(Path(TESTS).parent / "platform")))}

    return Confined("confinement.odd_child", limits, {}, equip)


@pytest.fixture
def warm() -> Iterator[WarmChild[Limits]]:
    child: WarmChild[Limits] = WarmChild(_begin)
    yield child
    child.close()


def test_it_answers_with_values_and_bytes(warm: WarmChild[Limits]) -> None:
    for body in (b"abc", b"abc" * 100_000):
        assert warm.ask(LIMITS, {"do": "print"}, body) == ({"found": None}, body)


def _spent_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_busy_child_is_killed_by_the_wall_clock(warm: WarmChild[Limits]) -> None:
    impatient = Limits(memory=400_000_000, cpu=600, wall=0.5)
    warm.ready(impatient)
    used = _spent_by_children()
    with pytest.raises(HangupError):  # the kernel would let it go on for ten minutes
        warm.ask(impatient, {"do": "busy"})
    assert _spent_by_children() - used < 60, "so the clock ended it"
    assert "found" in warm.ask(LIMITS, {"do": "process"})[0]


def test_a_busy_child_is_killed_by_the_kernel(warm: WarmChild[Limits]) -> None:
    thrifty = Limits(memory=400_000_000, cpu=1, wall=600.0)
    with pytest.raises(HangupError):
        warm.ask(thrifty, {"do": "busy"})
    assert "found" in warm.ask(thrifty, {"do": "process"})[0]


@pytest.mark.parametrize(("deed", "said"), [("greedy", "MemoryError"), ("connect", "PermissionError")])
def test_memory_and_network_are_refused(warm: WarmChild[Limits], deed: str, said: str) -> None:
    assert warm.ask(LIMITS, {"do": deed})[0] == {"refused": said}


def test_no_other_program_is_started(warm: WarmChild[Limits]) -> None:
    assert warm.ask(LIMITS, {"do": "run"})[0] == {"refused": "PermissionError"}


def test_this_kernel_refuses_what_lies_outside() -> None:
    child = _begin(LIMITS)
    try:
        assert child.refuses_outside
    finally:
        child.kill()


def test_no_large_file_is_written(warm: WarmChild[Limits]) -> None:
    assert warm.ask(LIMITS, {"do": "write-large"})[0] == {"refused": "OSError"}


def test_an_answer_larger_than_allowed_is_not_taken(warm: WarmChild[Limits]) -> None:
    with pytest.raises(HangupError):
        warm.ask(LIMITS, {"do": "print", "times": 2}, b"x" * 600_000)


def test_a_child_that_dies_is_replaced(warm: WarmChild[Limits]) -> None:
    before = warm.ask(LIMITS, {"do": "process"})[0]["found"]
    with pytest.raises(HangupError):
        warm.ask(LIMITS, {"do": "die"})
    assert warm.ask(LIMITS, {"do": "process"})[0]["found"] != before


def test_a_child_that_says_it_ends_is_asked_no_more(warm: WarmChild[Limits]) -> None:
    found = [warm.ask(LIMITS, {"do": "end"})[0]["found"] for _ in range(5)]
    assert len(set(found)) == 5


def test_it_sees_none_of_our_environment_and_none_of_our_files(
    monkeypatch: pytest.MonkeyPatch, warm: WarmChild[Limits], tmp_path: Path
) -> None:
    monkeypatch.setenv("XUNFANG_DATA_KEY", "secret")
    with (tmp_path / "secret").open("w"):
        names = warm.ask(LIMITS, {"do": "environment"})[0]["found"]
        assert set(names) <= {
            "PATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "LANG", "LC_CTYPE", "TZ", "PYTHONHASHSEED", "PYTHONPATH",
        }  # fmt: skip
        opened = warm.ask(LIMITS, {"do": "open-files"})[0]["found"]
        assert not [path for path in opened if not path.startswith(("pipe:", "/dev/", "/proc/"))]


def test_its_folder_is_gone_with_it() -> None:
    child = _begin(LIMITS)
    folder = Path(f"/proc/{child._process.pid}/cwd").readlink()
    assert folder.is_dir()
    child.kill()
    assert not folder.exists()


def test_threads_take_turns(warm: WarmChild[Limits]) -> None:
    found: list[bytes] = []
    bodies = [bytes([n]) * 1000 for n in range(8)]

    def ask(body: bytes) -> None:
        found.append(warm.ask(LIMITS, {"do": "print"}, body)[1])

    threads = [threading.Thread(target=ask, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == bodies


def test_a_program_that_does_not_come_up_is_a_hangup() -> None:
    with pytest.raises(HangupError):
        Confined("xunfang.no_such_program", LIMITS, {})
