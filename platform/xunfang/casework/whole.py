"""The verbs on a case as a whole, and on one's own report."""

from xunfang.casework import closing, correcting, linking
from xunfang.casework.draft import Draft
from xunfang.casework.subjects import Report, Whole, bar_closed
from xunfang.casework.verb import Asked, Verb

_DIRECTS = ("confirm-dispatch", "supervise")


def _void(draft: Draft, asked: Asked) -> None:
    closing.void(draft, draft.case(asked.case), asked.version, asked.reason)


def _reopen(draft: Draft, asked: Asked) -> None:
    closing.reopen(draft, draft.case(asked.case), asked.version, asked.reason)


def _archive(draft: Draft, asked: Asked) -> None:
    closing.archive(draft, draft.case(asked.case), asked.version)


def _link(draft: Draft, asked: Asked) -> None:
    linking.link(draft, draft.case(asked.case), asked.version, asked.clue, asked.number, asked.reason)


def _split(draft: Draft, asked: Asked) -> None:
    linking.split(draft, draft.case(asked.case), asked.version, asked.clue, asked.reason)


def _correct(draft: Draft, asked: Asked) -> None:
    assert asked.decision is not None
    correcting.correct(draft, draft.clue(asked.clue), asked.decision, asked.submission, asked.person)


def _withdraw(draft: Draft, asked: Asked) -> None:
    correcting.withdraw(draft, draft.clue(asked.clue), asked.reason)


def _not_closed(whole: Whole) -> str:
    return "" if whole.case.closed_at else "本案还在办理，不需要重新办理。"


def _not_to_archive(whole: Whole) -> str:
    if whole.case.archived_at:
        return "本案已经归档。"
    return "" if whole.case.closed_at else "本案还没有办结，办结后再归档。"


def _not_to_link(whole: Whole) -> str:
    return bar_closed(whole) or ("" if whole.clues else "本案没有线索可以并到别处。")


def _not_to_split(whole: Whole) -> str:
    return bar_closed(whole) or ("" if len(whole.clues) > 1 else "本案只有一条线索，不用分开。")


def _report_closed(report: Report) -> str:
    if report.clue.withdrawn_at:
        return "这条线索已经撤回；情况有变的，请重新上报。"
    return "本案已经办结，不能再更正或者撤回；情况有变的，请重新上报。" if report.case.closed_at else ""


def _not_to_withdraw(report: Report) -> str:
    asked = "您已请求撤回，承办单位已收到，不用重复。" if report.clue.asked_back_at else ""
    return _report_closed(report) or asked


WHOLE = (
    Verb(
        id="archive",
        label="归档",
        name="归档",
        event="case.archived",
        do=_archive,
        on="case",
        acts=_DIRECTS,
        who="director",
        done="已归档。在“个案”页选“已归档”，或者按姓名、案号可以找到。",
        clocks="个案已经办结，没有期限在计算。",
        bars_case=_not_to_archive,
    ),
    Verb(
        id="reopen",
        label="重新办理",
        name="重新办理",
        event="case.reopened",
        do=_reopen,
        on="case",
        acts=_DIRECTS,
        who="director",
        asks=("reason",),
        done="已重新办理，承办单位已收到任务。",
        clocks="案号不变；个案期限和任务期限都从现在起重新计算，原来的结果留在办理经过里。",
        bars_case=_not_closed,
    ),
    Verb(
        id="link",
        label="把线索并入另一件个案",
        name="归并",
        event="clue.linked",
        do=_link,
        on="case",
        acts=("confirm-dispatch",),
        who="director",
        asks=("clue", "number", "reason"),
        done="已归并，两件个案都有记录；并错了可以再并回去。",
        clocks="两件个案的期限都不变，紧急程度只升不降。本案没有别的线索时随之结束，线索并回来时重新办理。",
        bars_case=_not_to_link,
    ),
    Verb(
        id="split",
        label="把线索分开，另立个案",
        name="分开",
        event="clue.split",
        do=_split,
        on="case",
        acts=("confirm-dispatch",),
        who="director",
        asks=("clue", "reason"),
        done="已分开，新的个案按新线索分派；分错了可以再归并。",
        clocks="本案的期限不变；新个案的期限从现在起计算。",
        bars_case=_not_to_split,
    ),
    Verb(
        id="void",
        label="作废",
        name="作废",
        event="case.voided",
        do=_void,
        on="case",
        acts=_DIRECTS,
        who="director",
        asks=("reason",),
        done="已作废，各单位的任务已撤回。",
        clocks="任务全部撤回，期限不再计算；案号保留，不再用于别的个案。由本案启动的其他个案不受影响。",
        bars_case=bar_closed,
        careful=True,
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
