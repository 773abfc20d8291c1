"""The words for the closed vocabulary of the rule files: acts, anchors, periods, limits, units as rules name them."""

from collections.abc import Iterable

from xunfang.rulebook.model import Coverage, EntryList, Remind, Rulebook, Term, UnitRef
from xunfang.worktime import Every, Hours, Limit, LimitKind, Office

ACTS = {
    "submit": "填报", "assist": "协办", "apply-on-behalf": "帮办代办", "accept": "受理", "claim": "签收",
    "complete": "办结", "return": "退回", "transfer": "转办", "ask-extension": "申请延期", "consult": "会商",
    "print": "印制文书", "confirm-dispatch": "批示分派", "approve-extension": "批准延期", "sign-off": "签发",
    "suspend": "中止和恢复办理", "declare": "启动和解除应急响应", "urge": "催办", "supervise": "督办",
    "reveal": "查看加密内容", "administer": "管理账号", "operate": "维护系统", "audit": "查阅留痕",
    "edit-rules": "修改规则", "review-rules": "复核规则",
}  # fmt: skip
ANCHORS = {
    "task.opened": "任务下达", "case.opened": "立案", "clue.submitted": "线索上报", "clue.entered": "线索录入",
    "state.entered": "进入本环节", "task.completed": "任务办结",
}  # fmt: skip
ESCALATIONS = {"supervise": "督办", "escalate": "提级办理", "report": "通报"}
LEVELS = {
    "city": "市（州）", "county": "区县", "township": "镇（街道）", "village": "村（社区）", "grid": "网格（村民小组）",
}  # fmt: skip
EVERY = {
    "day": "每日", "week": "每周", "2 weeks": "每两周", "ten days": "每旬", "half month": "每半月", "month": "每月",
    "quarter": "每季度", "half-year": "每半年", "year": "每年",
    "unit": "单位", "village": "村（社区）", "township": "镇（街道）", "category": "对象类别",
}  # fmt: skip
COVERS = {
    Coverage(Every.DAY, previous=True): "前一日",
    Coverage(Every.WEEK, previous=True): "上周",
    Coverage(Every.TWO_WEEKS, previous=True): "前两周",
    Coverage(Every.TEN_DAYS, previous=True): "上一旬",
    Coverage(Every.HALF_MONTH, previous=True): "前半个月",
    Coverage(Every.MONTH, previous=True): "上月",
    Coverage(Every.QUARTER, previous=True): "上季度",
    Coverage(Every.HALF_YEAR, previous=True): "前半年",
    Coverage(Every.YEAR, previous=True): "上年",
    Coverage(Every.YEAR, previous=False): "当年",
    Coverage(Every.MONTH, previous=False): "当月",
}
ON_HOLIDAY = {"next": "逢节假日顺延", "previous": "逢节假日提前，但不早于本期第一日", "keep": "逢节假日不顺延"}
EVENTS = {
    "event": "事件发生", "case.archived": "个案归档", "person.category_added": "认定为新的对象类别",
    "case.opened": "立案", "case.closed": "个案办结", "clue.submitted": "线索上报", "task.completed": "任务办结",
    "state.entered": "个案进入所列环节", "notice.issued": "文书印发",
}  # fmt: skip
SUBJECTS = {
    "case": "个案", "task": "任务", "person": "困难群众", "visit": "走访", "entitlement": "保障", "notice": "文书",
    "publication": "公示", "duty": "定期任务", "clue": "线索", "meeting": "会议",
}  # fmt: skip
LAYOUTS = {"document": "公文", "letter": "信函", "minutes": "纪要", "telegram": "电报", "form": "表格"}
JOINS = {
    "all": "各主办单位都办结后转入下一环节",
    "any": "任一主办单位办结即转入下一环节，其余的收回并告知",
    "first-decided": "以最先作出的决定转入下一环节，其余的收回并告知",
}
_RATIOS = {"all": "全部抽取", "local": "按本地确定的比例抽取"}
_PER = {"month": "月", "quarter": "季度", "year": "年"}
_REMIND_UNITS = {"workday": "个工作日", "day": "天", "hour": "小时", "minute": "分钟"}


def limit_words(term: Term) -> str:
    """Return a limit as people say it; for a soft word, the local number and that it is one."""
    if term.counts is None:
        return "期限由下级规定"
    return _within(term.counts.text) + ("（本地做法：政策原文未写明期限）" if term.soft else "")


def _within(text: str) -> str:
    return text if text.endswith("前") or text == "当日" else f"{text}内"


def remind_words(remind: Remind) -> str:
    """Return when a reminder comes, such as 到期前1个工作日."""
    if not remind.offset:
        return "到期当日"
    return f"到期{'前' if remind.offset < 0 else '后'}{abs(remind.offset)}{_REMIND_UNITS[remind.unit]}"


def rhythm_words(rhythm: Remind) -> str:
    """Return how often something comes again, such as 每5个工作日."""
    return f"每{rhythm.offset}{_REMIND_UNITS[rhythm.unit]}"


def office_words(office: Office) -> str:
    """Return office hours as people say them, each season after those of every day."""
    seasons = "".join(f"，{season.name}为{_hours(season.hours)}" for season in office.seasons)
    return _hours(office.hours) + seasons


def _hours(hours: Hours) -> str:
    return "、".join(f"{opens:%H:%M}至{closes:%H:%M}" for opens, closes in hours)


def due_words(day: Limit) -> str:
    """Return a due day of a period as people say it: 5日前, 周一前, 最后一个工作日前, 月底前, 12月31日前."""
    return f"{day.amount}日前" if day.kind is LimitKind.MONTH_DAY else day.text.removeprefix("当月")


def sample_words(ratio: str, per: str, minimum: int) -> str:
    """Return how many are drawn, and how many at least."""
    least = f"，每{drawn_per(per)}不少于{minimum}件" if minimum else ""
    return f"{drawn_words(ratio)}{least}" if ratio != "all" else f"逐件办理{least}"


def drawn_per(per: str) -> str:
    """Return within what is drawn: 月, 季度, 半年, 年."""
    return _PER.get(per, "期")


def drawn_words(ratio: str) -> str:
    """Return how many a ratio draws."""
    if ratio in _RATIOS:
        return _RATIOS[ratio]
    return f"按{_percent(ratio)}的比例抽取" if _percent(ratio) != "0%" else "不抽取"


def _percent(ratio: str) -> str:
    try:
        return f"{float(ratio):.0%}"
    except ValueError:
        return "规定"


def join_words(join: str) -> str:
    """Return how units that work side by side are waited for."""
    return JOINS.get(join) or f"有{join}个主办单位办结即转入下一环节，其余的收回并告知"


def choice_words(entries: EntryList, id: str) -> str:
    """Return what an entry of a list is called; of one that can be chosen to a day only, to which."""
    entry = entries.entries[id]
    return f"{entry.label}（用到{entry.retired}为止）" if entry.retired else entry.label


def unit_words(rulebook: Rulebook, ref: UnitRef | str) -> str:
    """Return a unit as a rule names it: one that exists per division is that of the residence or registration."""
    ref = UnitRef(ref) if isinstance(ref, str) else ref
    unit = rulebook.units.get(ref.unit)
    if unit is None:
        return {"superior": "上级单位", "unit": "承办单位"}.get(ref.unit, "有关单位")
    if not unit.per:
        return unit.label
    whose = "户籍地" if ref.of == "registration" else "居住地"
    return f"{whose}{LEVELS.get(unit.per, '')}"


def units_words(rulebook: Rulebook, refs: Iterable[UnitRef]) -> str:
    """Return several units as a rule names them, "" for none."""
    return "、".join(unit_words(rulebook, ref) for ref in refs)


def each_unit_words(rulebook: Rulebook, unit_id: str) -> str:
    """Return a unit as the subject of a duty: one that exists per division is every one of them."""
    unit = rulebook.units.get(unit_id)
    if unit is None or not unit.per:
        return unit_words(rulebook, unit_id)
    return f"各{LEVELS.get(unit.per, '单位')}"
