"""What each gate makes of what was found: a result with a sentence for people, and the particulars as plain data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from xunfang.casework.gates import ASKED, CHECK, COVERAGE, REPLAY, RUNNING, SCENARIOS, Result
from xunfang.clock import local_date
from xunfang.errors import Problem
from xunfang.prove.coverage import Coverage
from xunfang.prove.covering import loss
from xunfang.prove.examined import Below, Covering, Examined, Examining, Rehearsed, Tried
from xunfang.prove.replayed import ASPECTS, ReplayCount
from xunfang.prove.taken_options import holding_options
from xunfang.rulebook.files import Files

_MOST = 50
"""So many problems, warnings or scenarios are kept with a result."""
_MOST_NAMED = 5
_NOBODY: Mapping[str, Files] = {}


def tried_out(
    examiner: Examining,
    files: Files,
    base: Files,
    jurisdiction: str,
    digest: str,
    at: datetime,
    served: Mapping[str, Files] = _NOBODY,
) -> Iterator[Result]:
    """Yield what comes of the gates that need nobody and no past reports; what has problems is only checked.

    `base` are the files of the release in force, none where nothing is; `served` those that each jurisdiction goes by,
    for drafts of a layer from which others inherit. Raises TooOften.
    """
    day = local_date(at)
    found = holding_options(examiner.examine(files, jurisdiction, day), files, base, jurisdiction)
    below = () if found.problems else examiner.below(files, jurisdiction, served, day)
    result = checked(found, digest, at, below)
    yield result
    if result.passed:
        yield rehearsed(examiner.scenarios(files, jurisdiction, day), digest, at)
        before = examiner.coverage(base, jurisdiction, released=True).coverage if base else None
        yield covered(before, examiner.coverage(files, jurisdiction), digest, at)


def checked(found: Examined, digest: str, at: datetime, below: Sequence[Below] = ()) -> Result:
    """Return what came of the check, here and in those `below` that inherit: warnings stop nobody."""
    broken = [each for each in below if each.count]
    details = {
        "problems": _plain(found.problems),
        "warnings": _plain(found.warnings),
        "below": [
            {
                "jurisdiction": each.jurisdiction,
                "name": each.name or each.jurisdiction,
                "count": each.count,
                "problems": _plain(each.problems),
            }
            for each in broken
        ],
    }
    return Result(CHECK, not found.problems and not broken, _checked(found, broken), digest, at, details)


def _checked(found: Examined, broken: Sequence[Below]) -> str:
    if found.problems:
        return f"有{len(found.problems)}处问题，第一处在 {_first(found.problems)}。"
    if broken:
        names = _named([each.name or each.jurisdiction for each in broken])
        return f"本级没有问题，但会使{len(broken)}个下级辖区的规则不能用：{names}。"
    return f"没有问题，有{len(found.warnings)}处提醒。" if found.warnings else "没有问题。"


def _first(problems: Sequence[Problem]) -> str:
    return f"{_where(problems[0])}：{problems[0].message}"


def rehearsed(found: Rehearsed, digest: str, at: datetime) -> Result:
    """Return what came of the scenarios."""
    passed = not found.problems and not found.failed
    return Result(SCENARIOS, passed, _rehearsed(found), digest, at, {"failed": _failed(found.failed)})


def _rehearsed(found: Rehearsed) -> str:
    if found.problems:
        return f"没有推演：{found.problems[0].message}。"
    if not found.tried:
        return "本级没有写情景，没有可以推演的。"
    if not found.failed:
        return f"{len(found.tried)}个情景全部相符。"
    labels = [f"“{each.label}”" for each in found.failed]
    return f"{len(found.tried)}个情景中{len(labels)}个不符：{_named(labels)}。"


def _failed(failed: Sequence[Tried]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.id,
            "label": each.label,
            "file": each.file,
            "told": each.told,
            "failures": [[one.step, one.what, one.expected, one.got] for one in each.failures],
        }
        for each in failed[:_MOST]
    ]


def covered(before: Coverage | None, found: Covering, digest: str, at: datetime) -> Result:
    """Return whether a draft carries out what the release in force does; None where nothing is in force yet."""
    if found.problems or found.coverage is None:
        first = found.problems[0].message if found.problems else "规则没有读出来"
        return Result(COVERAGE, False, f"没有核对：{first}。", digest, at)
    if before is None:
        return Result(COVERAGE, True, "还没有发布过规则，没有可以比较的。", digest, at)
    lost = loss(before, found.coverage)
    less = (("不再落实", lost.undecided), ("系统不再全部办理", lost.unlived))
    told = [f"{len(clauses)}条{word}：{_named(clauses)}" for word, clauses in less if clauses]
    said = "；".join(told) or "与现行规则相比没有减少"
    said += f"；新落实{len(lost.gained)}条" if lost.gained else ""
    said += f"；另有{len(lost.gone)}条随文件删去，请复核时留意：{_named(lost.gone)}" if lost.gone else ""
    return Result(COVERAGE, not lost.lower, f"{said}。", digest, at, asdict(lost))


def replayed(found: ReplayCount, months: int, digest: str, at: datetime) -> Result:
    """Return what came of the replay: a change is for people to judge, so that it was done is enough."""
    details = {"months": months, **found.kept()}
    return Result(REPLAY, True, _replayed(found, months), digest, at, details)


def _replayed(found: ReplayCount, months: int) -> str:
    if not found.count:
        return f"近{months}个月没有立案的填报，没有可以试算的。"
    if not found.changed:
        return f"近{months}个月的填报{found.count}件，办法都没有变化。"
    told = "、".join(f"{label}{found.by[name]}件" for name, label in ASPECTS.items() if found.by[name])
    return f"近{months}个月的填报{found.count}件，有变化的{found.changed}件：{told}。"


def replaying(found: ReplayCount, months: int, asked: str, digest: str, at: datetime) -> Result:
    """Return how far a replay is that still goes on; `asked` tells it from any other."""
    details = {"months": months, **found.kept(), ASKED: asked, RUNNING: True}
    return Result(REPLAY, False, f"正在试算，已算{found.count}件。", digest, at, details)


def not_replayed(why: str, digest: str, at: datetime) -> Result:
    """Return that a replay could not be done."""
    return Result(REPLAY, False, f"没有试算：{why}", digest, at)


def _plain(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [{**asdict(each), "severity": each.severity.value} for each in problems[:_MOST]]


def _where(problem: Problem) -> str:
    return f"{problem.file} 第{problem.line}行" if problem.line else problem.file


def _named(names: Iterable[str]) -> str:
    told = list(names)
    return "、".join(told[:_MOST_NAMED]) + ("等" if len(told) > _MOST_NAMED else "")
