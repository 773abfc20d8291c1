"""The verbs of reports 上报: handing one in, and what whoever handed it in does to it."""

from xunfang.casework import correcting
from xunfang.casework.draft import Draft
from xunfang.casework.objections import AGAINST
from xunfang.casework.reporting import take_clue
from xunfang.casework.rows import OwedThing, Publication
from xunfang.casework.subjects import Report
from xunfang.casework.verb import RULES, Asked, Verb


def _report(draft: Draft, asked: Asked) -> None:
    assert asked.decision is not None
    thing = draft.find(OwedThing, str(asked.payload.get("thing", "")))
    objected = draft.find(Publication, str(asked.payload.get(AGAINST, "")))
    take_clue(draft, asked.decision, asked.submission, asked.person, thing, objected, asked.payload.get(RULES))


def _correct(draft: Draft, asked: Asked) -> None:
    assert asked.decision is not None
    correcting.correct(draft, draft.clue(asked.clue), asked.decision, asked.submission, asked.person)


def _withdraw(draft: Draft, asked: Asked) -> None:
    correcting.withdraw(draft, draft.clue(asked.clue), asked.reason)


def _report_closed(report: Report) -> str:
    if report.clue.withdrawn_at:
        return "这条线索已经撤回；情况有变的，请重新上报。"
    return "本案已经办结，不能再更正或者撤回；情况有变的，请重新上报。" if report.case.closed_at else ""


def _not_to_withdraw(report: Report) -> str:
    asked = "您已请求撤回，承办单位已收到，不用重复。" if report.clue.asked_back_at else ""
    return _report_closed(report) or asked


REPORT_VERBS = (
    Verb(
        id="submit",
        label="上报",
        name="上报",
        event="clue.submitted",
        do=_report,
        on="form",
        acts=("submit",),
        who="anybody",
        asks=("form",),
        done="已上报。",
        clocks="上报立案时，个案期限开始计算；并入已有个案的，期限不变。",
        elsewhere=True,
    ),
    Verb(
        id="correct",
        label="更正",
        name="更正",
        event="clue.corrected",
        do=_correct,
        on="report",
        acts=("submit",),
        who="sender",
        asks=("form",),
        done="已更正。原来的内容留在个案里，承办单位已收到提醒。",
        bars_report=_report_closed,
        elsewhere=True,
    ),
    Verb(
        id="withdraw",
        label="撤回",
        name="撤回",
        event="clue.withdrawn",
        do=_withdraw,
        on="report",
        acts=("submit",),
        who="sender",
        asks=("reason",),
        done="已撤回；有单位已经开始办理的，撤回请求已送到承办单位和分派单位。",
        clocks="还没有单位办理的，线索立即撤回，只由它建立的个案随之结束；已经开始办理的，期限不变，个案继续。",
        bars_report=_not_to_withdraw,
        versioned=False,
        careful=True,
    ),
)
"""In the order pages offer them."""
