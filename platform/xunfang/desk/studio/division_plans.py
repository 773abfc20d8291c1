"""What a change of divisions touches, counted and told before anything is written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xunfang.actions.jobs import JOBS
from xunfang.casework.jobs import FOLLOW
from xunfang.desk.studio.division_faces import PlanFace, Touch
from xunfang.desk.studio.division_steps import TableEdit, moved_faces
from xunfang.desk.studio.divisions import Places
from xunfang.desk.studio.files import file_label, layer_of
from xunfang.division import Level
from xunfang.errors import Problem
from xunfang.prove.examined import Examining
from xunfang.rulebook.division_edits import DivisionChange
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import unit_label
from xunfang.store.reading.paging import Count
from xunfang.store.reading.standing import Standing

MOST_MENTIONS = 40
_LEVELS = list(Level)
_MEASURES = {"在这里登记的人": "人"}


@dataclass(frozen=True, slots=True)
class Planned:
    """A change of a division, as it was asked for, with the sentence it is told by and the edit that makes it."""

    code: str
    how: str
    change: DivisionChange
    said: str
    edit: TableEdit


def units_at(book: Rulebook, level: Level) -> tuple[str, ...]:
    """Return the ids of the units that there is one of in each division of a level, or in each below it."""
    below = _LEVELS[_LEVELS.index(level) :]
    return tuple(unit.id for unit in book.units.values() if unit.per in below)


def plan_face(places: Places, planned: Planned, standing: Standing, book: Rulebook, examiner: Examining) -> PlanFace:
    """Return what a change would bring; raises TooOften while many have drafts examined."""
    draft, day = places.draft, places.today
    was = examiner.examine(draft.files, draft.layer, day)
    found = examiner.examine({**draft.files, planned.edit.path: planned.edit.made.text}, draft.layer, day)
    touched = list(_touches(planned, standing, book))
    return PlanFace(
        said=planned.said,
        moved=moved_faces(places, planned.code, planned.change),
        touched=[each for each in touched if each.count],
        none=[each.label for each in touched if not each.count],
        mentions=_mentions(places, planned) if planned.how != "add" else [],
        problems=_new(was.problems, found.problems),
        warnings=_new(was.warnings, found.warnings),
        after=list(_after(places, planned, book)),
        digest=planned.edit.digest,
    )


def _new(before: Sequence[Problem], after: Sequence[Problem]) -> Sequence[Problem]:
    known = {(each.file, each.code, each.message) for each in before}
    return [each for each in after if (each.file, each.code, each.message) not in known]


def _day(on: date | None) -> str:
    return f"{on.year}年{on.month}月{on.day}日" if on else "发布那天"


def _touches(planned: Planned, found: Standing, book: Rulebook) -> Iterator[Touch]:
    """Yield what stands on a division, each with what will become of it."""
    words = _RENAMED if planned.how == "rename" else _HANDED_ON
    if planned.how == "add":
        return
    people = [f"{name}（{unit_label(book, unit)}）" for name, unit in found.accounts]
    accounts = Count(len(people), more=found.more_accounts)
    counts: Mapping[str, Count] = {
        "在这里登记的人": found.people, "在办个案": found.cases, "待办任务": found.tasks,
        "未报的定期任务": found.duties, "未完成的走访": found.visits, "没有编号的文书": found.papers,
        "正在响应的事件": found.alerts, "账号": accounts,
    }  # fmt: skip
    for label, count in counts.items():
        names = people if label == "账号" else ()
        yield Touch(label, _counted(label, count), words[label], names)
    series = [
        f"{series.partition('@')[0].replace('{year}', str(year))}：已编到第{n}号" for series, year, n in found.series
    ]
    yield Touch("文号", f"{len(series)}个序列" if series else "", words["文号"], series)


def _counted(label: str, count: Count) -> str:
    measure = _MEASURES.get(label, "个" if label == "账号" else "件")
    return f"{int(count)}{'以上' if count.more else ''}{measure}" if count else ""


_RENAMED = {
    "在这里登记的人": "不动，地址从那天起显示新名称。",
    "在办个案": "不动，期限不变，从那天起显示新名称。",
    "待办任务": "仍由原单位办，单位名称里带区划名的，从那天起换成新名称。",
    "未报的定期任务": "仍由原单位报，名称换成新的。",
    "未完成的走访": "不动。",
    "没有编号的文书": "那天以后印的用新名称；已经印好的不改。",
    "正在响应的事件": "不动。",
    "账号": "不动，登录、角色、看得到的范围都不变。",
    "文号": "接着编；机关代字用区划名的，从那天起用新名称。",
}
_HANDED_ON = {
    "在这里登记的人": "居住地、户籍地改成接续的区划和新代码，写入留痕。",
    "在办个案": "随居住的人转到接续的区划，期限一概不变，写入办理经过。已经办结的不动，接续的单位照样查得到。",
    "待办任务": "转由接续的单位承办，期限不变，新旧单位都收到通知；同一件个案的同一项任务两边都有的，并为一件。",
    "未报的定期任务": "由接续的单位报；同一期两个单位都欠报的，并为一项。",
    "未完成的走访": "由接续的单位走访，已经走访的照样算数。",
    "没有编号的文书": "由接续的单位出具和编号；已经编号的、印好的不动。",
    "正在响应的事件": "由接续的单位继续响应。",
    "账号": "转到接续的单位，看得到的范围随着变，角色和密码不变，正在用的不会被退出。",
    "文号": "停在这里，不再接着编；接续的单位接着编自己的，新设的从一号编起。",
}


def _after(places: Places, planned: Planned, book: Rulebook) -> Iterator[str]:
    """Yield what people have to know or do besides."""
    on, begun = planned.change.on, planned.change.begins
    job = JOBS[FOLLOW].label
    if planned.how in ("merge", "abolish"):
        yield f"{_day(on)}零时起，后台作业“{job}”把上面各项分批转过去，不用停机，每一项都写入留痕。"
    if on and on <= places.today:
        yield "生效日期不晚于今天：这份改动单一发布，就按新的区划办。"
    units = [unit.anywhere for unit in book.units.values() if unit.per == begun[0].level]
    if planned.how == "add" and units:
        told = f"{begun[0].name}有自己的单位（{'、'.join(units)}）"
        yield f"{told}，请安全管理员在{_day(on)}以前开通账号，不然没有人签收。"
    if default := planned.change.ends[planned.code].default if planned.code in planned.change.ends else "":
        yield f"村定不下来的（账号、定期任务、只填到乡镇的个案）由{places.tree.name(default)}接手。"
    yield "已经报出的报表、印好的文书不改。情景里的日期晚于生效日的，照新的区划检查。"


def _mentions(places: Places, planned: Planned) -> Sequence[tuple[str, str, int]]:
    """Return the files of the layer that name a division, or what lies in it, each with how many lines do.

    One that is renamed keeps its code: only its name is looked for.
    """
    draft, name = places.draft, re.escape(places.now.name(planned.code))
    codes = rf"(?<!\d){planned.code}(?:\d{{3}}){{0,2}}(?!\d)"
    named = re.compile(name if planned.how == "rename" else f"{codes}|{name}")
    found = []
    for path in sorted(draft.files):
        if layer_of(path) == draft.layer and not path.endswith(("/divisions.csv", "/demo.toml", "/demo-year.toml")):
            lines = sum(1 for line in draft.files[path].splitlines() if named.search(line))
            found += [(file_label(path, draft.files[path], draft.files), path, lines)] if lines else []
    return found[:MOST_MENTIONS]
