"""The verbs on a case as a whole."""

from xunfang.casework import closing
from xunfang.casework.draft import Draft
from xunfang.casework.subjects import Whole
from xunfang.casework.verb import Asked, Verb

_DIRECTS = ("confirm-dispatch", "supervise")


def _void(draft: Draft, asked: Asked) -> None:
    closing.void(draft, draft.case(asked.case), asked.version, asked.reason)


def _reopen(draft: Draft, asked: Asked) -> None:
    closing.reopen(draft, draft.case(asked.case), asked.version, asked.reason)


def _archive(draft: Draft, asked: Asked) -> None:
    closing.archive(draft, draft.case(asked.case), asked.version)


def _closed(whole: Whole) -> str:
    return "本案已经办结，不能再这样办理；确需办理的，请先重新办理。" if whole.case.closed_at else ""


def _not_closed(whole: Whole) -> str:
    return "" if whole.case.closed_at else "本案还在办理，不需要重新办理。"


def _not_to_archive(whole: Whole) -> str:
    if whole.case.archived_at:
        return "本案已经归档。"
    return "" if whole.case.closed_at else "本案还没有办结，办结后再归档。"


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
        bars_case=_closed,
        careful=True,
    ),
)
"""In the order pages offer them."""
