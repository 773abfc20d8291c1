"""Drafts are examined in children: what one costs harms neither the server nor another county, and ends in words."""

import re
import resource
import threading
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from xunfang import clock
from xunfang.checking import check, verdict
from xunfang.checking.county import LARGEST, County
from xunfang.checking.examiner import Examiner, laid_below
from xunfang.cli.answering import lanes
from xunfang.confinement import Confined, HangupError, Limits
from xunfang.errors import Refused, TooOften
from xunfang.prove.gating import tried_out
from xunfang.rulebook.files import read_files
from xunfang.web.lanes import PAGES, STUDIO, lane_of

POTHOLES = Path(__file__).parents[1] / "fixtures" / "potholes"
NATIONAL = Path(__file__).parents[2] / "templates" / "00-national" / "layouts"
ONE, OTHER, ROOT = "9999-hebian", "8888-heshang", "00-roads"
DAY = date(2026, 9, 29)
LETTER = f"templates/{ONE}/thanks-letter.html"
UNITS = f"workflows/{ONE}/units.toml"
THRIFTY = Limits(memory=300_000_000, cpu=2, wall=600.0)
"""By processor time: a busy machine changes nothing. What a small county's own rules need is far below."""


@cache
def _files() -> dict[str, str]:
    files = read_files(POTHOLES)
    for layout in ("letter.html", "form.html", "sheet.html"):
        text = (NATIONAL / layout).read_text("utf-8")
        files[f"templates/{ROOT}/layouts/{layout}"] = text
    other = {
        path.replace(ONE, OTHER): text.replace("9999", "8888") for path, text in files.items() if f"/{ONE}/" in path
    }
    return files | other


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    made = Examiner(THRIFTY, most=2)
    yield made
    made.close()


def _spent_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _of_one(**changes: str) -> dict[str, str]:
    return {**_files(), **changes}


def test_after_an_edit_it_finds_what_the_check_finds(examiner: Examiner) -> None:
    drafts = [_files(), _of_one(**{UNITS: "x = "}), _of_one(**{LETTER: "{{ case.nothing }}"}), _files()]
    drafts.append({path: text for path, text in _files().items() if path != LETTER})
    for draft in drafts:
        found, expected = examiner.examine(draft, ONE, DAY), verdict(check(draft, ONE, DAY))
        assert (found.problems, found.warnings) == (expected.problems, expected.warnings)
        assert (found.digest, found.name) == (expected.digest, expected.name)


def test_whoever_asks_may_go_on_changing_what_was_asked_about(examiner: Examiner) -> None:
    draft = dict(_files())
    assert examiner.examine(draft, ONE, DAY).problems == ()
    draft[UNITS] = "x = "
    assert examiner.examine(draft, ONE, DAY).problems != ()


def test_another_layer_is_examined_by_the_child_of_whoever_asks(examiner: Examiner) -> None:
    examiner.examine(_files(), ONE, DAY)
    used = examiner._counties[ONE].used
    assert examiner.examine(_files(), OTHER, DAY, whose=ONE).problems == ()
    assert examiner._counties[ONE].used > used


def test_only_what_differs_is_sent(examiner: Examiner, monkeypatch: pytest.MonkeyPatch) -> None:
    examiner.examine(_files(), ONE, DAY)
    sent = list[int]()
    ask = County._sent

    def measured(county: County, order: dict[str, object], files: dict[str, str]) -> object:
        monkeypatch.setattr(
            county._warm, "ask", lambda equipment, order, body: sent.append(len(body)) or real(equipment, order, body)
        )
        return ask(county, order, files)

    real = examiner._counties[ONE]._warm.ask
    monkeypatch.setattr(County, "_sent", measured)
    examiner.examine(_files(), ONE, DAY)
    examiner.examine(_of_one(**{UNITS: "x = "}), ONE, DAY)
    assert sent == [0, len(f'{{"{UNITS}": "x = "}}')]


def test_what_costs_too_much_is_told_and_not_tried_again_and_the_next_draft_is_examined(examiner: Examiner) -> None:
    loops = "{% for a in 'aaaaaaaaaaaaaaaaaaaa' %}" * 9 + "{% endfor %}" * 9
    draft = _of_one(**{LETTER: _files()[LETTER].replace("{% endblock", f"{loops}{{% endblock", 1)})
    (problem,) = examiner.examine(draft, ONE, DAY).problems
    assert (problem.code, problem.file) == ("DRAFT_TOO_HEAVY", ONE)
    assert re.search("[一-鿿]", problem.message)
    used = _spent_by_children()
    assert examiner.examine(draft, ONE, DAY).problems == (problem,)
    assert _spent_by_children() == used, "no child was started for it, so none ended"
    assert examiner.examine(_files(), OTHER, DAY).problems == ()
    assert examiner.examine(_files(), ONE, DAY).problems == ()


HOSTILE = {
    "doubling": (LETTER, "{% block body %}{% set a = 'aaaaaaaa' %}" + "{% set a = a ~ a %}" * 45 + "{% endblock %}"),
    "power": (LETTER, "{{ 9 ** 9 ** 9 }}"),
    "brackets-in-template": (LETTER, "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}"),
    "deep-toml": (UNITS, "a = " + "[" * 9_000 + "]" * 9_000),
    "deep-json": (f"forms/{ONE}/pothole-report.json", '{"a":\n' * 9_000 + "1" + "}" * 9_000),
    "regex": (
        f"forms/{ONE}/x.json",
        '{"title": "甲", "properties": {"a": {"title": "乙", "type": "string", "pattern": "^(a+)+$"}}}',
    ),
    "long-list": (UNITS, "\n".join(f'[u{n}]\nlabel = "甲"' for n in range(1_500))),
    "huge": (LETTER, "甲" * (LARGEST + 1)),
    "nothing": (UNITS, "\0" * 9_000),
    "half-a-sign": (UNITS, "# \ud800"),
    "half-a-name": (f"workflows/{ONE}/\ud800.toml", "a = 1"),
    "outside": ("../../etc/passwd.toml", "a = 1"),
    "nowhere": ("x", "a = 1"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_draft_ends_in_words(examiner: Examiner, name: str) -> None:
    path, text = HOSTILE[name]
    problems = examiner.examine(_of_one(**{path: text}), ONE, DAY).problems
    assert problems
    assert all(problem.code and re.search("[一-鿿]", problem.message) for problem in problems)


def test_a_child_that_was_killed_is_replaced(examiner: Examiner) -> None:
    examiner.examine(_files(), ONE, DAY)
    child = examiner._counties[ONE]._warm._child
    assert child is not None
    child._process.kill()
    child._process.wait()
    assert examiner.examine(_files(), ONE, DAY).problems == ()


def test_of_too_many_children_the_one_used_least_lately_ends(examiner: Examiner) -> None:
    examiner.examine(_files(), ONE, DAY)
    examiner.examine(_files(), OTHER, DAY)
    gone = examiner._counties[ONE]
    examiner.examine(_files(), ROOT, DAY)
    assert set(examiner._counties) == {OTHER, ROOT}
    assert gone.ended
    assert gone.ask({}, {}) is None


def test_one_county_waits_for_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    examiner, begun, go_on = Examiner(THRIFTY), threading.Event(), threading.Event()

    def slow(county: County, order: dict[str, str], files: object) -> dict[str, list[object]]:
        if order["jurisdiction"] == ONE:
            begun.set()
            assert go_on.wait(60)
        return {}

    monkeypatch.setattr(County, "_asked", slow)
    waiting = [threading.Thread(target=examiner.show, args=({}, ONE)) for _ in range(5)]
    for thread in waiting:
        thread.start()
    assert begun.wait(60)
    assert examiner.show({}, OTHER).problems == ()
    while examiner._counties[ONE].waiting < len(waiting):
        pass
    with pytest.raises(TooOften):
        examiner.show({}, ONE)
    go_on.set()
    for thread in waiting:
        thread.join()
    assert examiner.show({}, ONE).problems == ()


def test_behind_a_slow_draft_one_waits_and_nobody_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    county = County(THRIFTY)
    monkeypatch.setattr(county, "_asked", lambda order, files: {"order": order})
    county.waiting, county._begun_at = 2, 0.0  # one that is examined, since long ago, and one that waits
    with pytest.raises(TooOften, match="不会丢失"):
        county.ask({}, {})
    county.waiting = 1
    assert county.ask({}, {}) == {"order": {}}
    county.waiting = 2  # what is examined began a moment ago
    assert county.ask({}, {}) == {"order": {}}
    monkeypatch.setattr("xunfang.checking.county._PATIENCE", -1.0)
    with pytest.raises(TooOften):
        county.ask({}, {})
    assert county.waiting == 2


def test_drafts_keep_no_page_waiting() -> None:
    assert lane_of("GET", "/studio/") == lane_of("POST", "/studio/abc/try") == STUDIO
    assert STUDIO in lanes().keys() - {PAGES}


def test_a_draft_from_above_is_told_which_counties_it_breaks(examiner: Examiner) -> None:
    roles, calendar = f"workflows/{ROOT}/roles.toml", f"workflows/{ROOT}/calendars/2026.toml"
    served = {ONE: _files(), OTHER: _of_one(**{f"workflows/{OTHER}/units.toml": "x = "}), ROOT: _files()}
    draft = {path: text for path, text in _files().items() if path != roles}
    one, other = examiner.below(draft, ROOT, served, DAY)
    assert (one.jurisdiction, other.jurisdiction) == (ONE, OTHER)
    assert one.count >= len(one.problems) > 0
    assert one.name == "河滨市"
    draft = _of_one(**{calendar: _files()[calendar] + "\n"})
    one, other = examiner.below(draft, ROOT, served, DAY)
    assert (one.name, one.count) == ("河滨市", 0)
    assert other.count == 0, "it was broken before, and by itself"


def test_a_draft_goes_through_the_gates(examiner: Examiner) -> None:
    limits, scenario = f"workflows/{ONE}/deadlines.toml", f"workflows/{ONE}/scenarios/heavy-rain.toml"
    own = {path.replace(f"{ROOT}/policies", f"{ONE}/policies"): text for path, text in _files().items()}
    draft = {**own, limits: own[limits].replace("3 workdays", "2 workdays", 1)}
    del draft[scenario]
    at = clock.parse("2026-09-29T10:00:00")
    assert [each.passed for each in tried_out(examiner, own, own, ONE, "", at)] == [True, True, True]
    check, scenarios, covered = tried_out(examiner, draft, own, ONE, "", at)
    assert (check.passed, scenarios.passed, covered.passed) == (True, False, False)
    assert "端午节前" in scenarios.sentence
    assert "GYG-4" in covered.sentence


def test_an_examiner_that_does_not_come_up_blames_no_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> Confined:
        raise HangupError

    monkeypatch.setattr("xunfang.checking.county.Confined", down)
    with pytest.raises(Refused, match="检查程序无法启动"):
        Examiner().examine(_files(), ONE, DAY)


def test_a_draft_is_laid_over_its_own_layer_alone() -> None:
    own = {"workflows/00-a/x.toml": "1", "workflows/00-a/y.toml": "1", "workflows/11-b/x.toml": "1"}
    draft = {"workflows/00-a/x.toml": "2", "workflows/11-b/x.toml": "2"}
    assert laid_below(draft, "00-a", own) == {"workflows/00-a/x.toml": "2", "workflows/11-b/x.toml": "1"}
