"""The verbs of a case as a whole 个案."""

from xunfang.casework import closing, consulting, linking, moving
from xunfang.casework.dispatching import confirm_dispatch
from xunfang.casework.draft import Draft
from xunfang.casework.following import follow_case
from xunfang.casework.objecting import object_to, why_no_objection
from xunfang.casework.papers import ask_for_notice
from xunfang.casework.reminding import remind
from xunfang.casework.replanning import replan, replan_duty
from xunfang.casework.subjects import Whole, bar_closed, bar_put_away
from xunfang.casework.verb import RULES, Asked, Verb
from xunfang.casework.waits import end_wait

CASEWORK = ("assist", "claim", "complete", "return", "transfer", "confirm-dispatch", "urge", "supervise")
"""Acts of which one makes somebody work on cases, beyond reporting, printing and looking."""

DIRECTING = ("confirm-dispatch", "supervise")
"""Acts of which one lets somebody direct where a thing lies."""


def _confirm(draft: Draft, asked: Asked) -> None:
    confirm_dispatch(draft, draft.case(asked.case), asked.version, asked.decided)


def _print(draft: Draft, asked: Asked) -> None:
    task = draft.task(asked.task) if asked.task else None
    ask_for_notice(draft, draft.case(asked.case), asked.kind, task, str(asked.payload.get("release", "")))


def _end_wait(draft: Draft, asked: Asked) -> None:
    end_wait(draft, asked.payload)


def _void(draft: Draft, asked: Asked) -> None:
    closing.void(draft, draft.case(asked.case), asked.version, asked.reason)


def _reopen(draft: Draft, asked: Asked) -> None:
    closing.reopen(draft, draft.case(asked.case), asked.version, asked.reason)


def _archive(draft: Draft, asked: Asked) -> None:
    closing.archive(draft, draft.case(asked.case), asked.version)


def _link(draft: Draft, asked: Asked) -> None:
    case, rules = draft.case(asked.case), asked.payload.get(RULES)
    linking.link(draft, case, asked.version, asked.clue, asked.number, asked.reason, rules)


def _split(draft: Draft, asked: Asked) -> None:
    linking.split(draft, draft.case(asked.case), asked.version, asked.clue, asked.reason)


def _move(draft: Draft, asked: Asked) -> None:
    moving.move_release(draft, draft.case(asked.case), asked.payload["was"], asked.payload.get("told", {}))


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


def _replan(draft: Draft, asked: Asked) -> None:
    if asked.task:
        replan_duty(draft, draft.task(asked.task))
    else:
        replan(draft, draft.case(asked.case))


CASE_VERBS = (
    Verb(
        id="confirm-dispatch",
        label="确认分派",
        name="分派",
        event="dispatch.confirmed",
        do=_confirm,
        on="case",
        acts=("confirm-dispatch",),
        who="confirmer",
        asks=("unit",),
        done="已确认分派，承办单位已收到任务。",
        clocks="任务期限自分派时起计算，个案期限不变。",
        elsewhere=True,
        several=True,
    ),
    Verb(
        id="note",
        label="写批注",
        name="批注",
        event="case.noted",
        do=lambda draft, asked: consulting.note(draft, draft.case(asked.case), asked.reason),
        on="case",
        acts=CASEWORK,
        who="anybody",
        asks=("reason",),
        done="批注已记入办理经过。",
        clocks="只记下进展，不办结任何任务；任务和个案的期限都不变。",
        versioned=False,
        bars_case=bar_closed,
        reason_name="批注内容",
    ),
    Verb(
        id="copy",
        label="抄送其他单位",
        name="抄送",
        event="case.copied",
        do=lambda draft, asked: consulting.copy(draft, draft.case(asked.case), asked.unit, asked.reason),
        on="case",
        acts=("consult", "confirm-dispatch"),
        who="party",
        asks=("unit", "reason"),
        done="已抄送，对方的收件箱已收到。",
        clocks="对方只收到这段话，看不到本案，请勿写与其无关的个人情况。任务和个案的期限都不变。",
        versioned=False,
        bars_case=bar_closed,
        unit_label="抄送单位",
        reason_name="抄送内容",
    ),
    Verb(
        id="print",
        label="制作文书",
        name="制作文书",
        event="notice.wanted",
        do=_print,
        on="case",
        acts=("print",),
        who="anybody",
        done="文书正在制作，稍后在“文书”中打开。",
        bars_case=lambda whole: bar_put_away(whole.case),
        elsewhere=True,
    ),
    Verb(
        id="archive",
        label="归档",
        name="归档",
        event="case.archived",
        do=_archive,
        on="case",
        acts=DIRECTING,
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
        acts=DIRECTING,
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
        acts=DIRECTING,
        who="director",
        asks=("reason",),
        done="已作废，各单位的任务已收回。",
        clocks="任务全部收回，期限不再计算；案号保留，不再用于别的个案。由本案启动的其他个案不受影响。",
        bars_case=bar_closed,
        careful=True,
    ),
    Verb(
        id="object",
        label="登记异议",
        name="登记",
        event="case.objected",
        do=lambda draft, asked: object_to(draft, draft.case(asked.case), asked.version, asked.reason),
        on="case",
        acts=DIRECTING,
        who="director",
        asks=("reason",),
        done="异议已登记，公示中止，个案已转入下一环节。",
        clocks="公示不再等到期满，个案按有异议的办理结果转入下一环节。",
        bars_case_by=why_no_objection,
        careful=True,
        reason_name="异议内容",
    ),
    Verb(
        id="remind",
        label="催办督办",
        event="task.reminded",
        do=lambda draft, asked: remind(draft, asked.payload),
        on="case",
        who="machinery",
    ),
    Verb(
        id="replan",
        label="核定暂定期限",
        event="task.replanned",
        do=_replan,
        on="case",
        who="machinery",
        clocks="按新公布的放假安排重新计算暂定的期限，已经超过的不动。",
    ),
    Verb(
        id="move-release",
        label="改用规则版本",
        event="case.rules_changed",
        do=_move,
        on="case",
        who="machinery",
        clocks="按新版规则重新计算，中止、延期照算；算出来已经过了的不动，超期记录不消除。",
    ),
    Verb(
        id="follow-division",
        label="随区划调整",
        event="case.division_changed",
        do=lambda draft, asked: follow_case(draft, draft.case(asked.case)),
        on="case",
        who="machinery",
        clocks="期限一概不变，未发出的提醒改发新单位。",
    ),
    Verb(id="end-wait", label="期满办理", event="case.wait_ended", do=_end_wait, on="case", who="machinery"),
)
"""In the order pages offer them."""
