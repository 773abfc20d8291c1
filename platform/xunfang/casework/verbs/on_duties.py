"""The verbs of duties 定期任务: of a task that is about what a unit owes for a period."""

from xunfang.casework import drawing, duties, happening, standing_in, visited
from xunfang.casework.actor import Actor
from xunfang.casework.draft import Draft
from xunfang.casework.following import follow_duty
from xunfang.casework.reports import Counts
from xunfang.casework.rows import OwedThing, Task
from xunfang.casework.verb import Asked, Verb
from xunfang.casework.verbs.on_cases import CASEWORK
from xunfang.rulebook.model import Duty, Rulebook
from xunfang.rules.occasions import is_done_thing_by_thing
from xunfang.rules.rosters import made_by_roster
from xunfang.rules.visits import is_visiting

_OF = ("duty",)
_ENDS = "本期随即办结，不再催办；已记录的超期不撤销。"


_BY_VISITS = "这项任务由走访完成：填好走访记录表，就自动计入，不用另外报送。"
_BY_THINGS = "这项任务逐件完成：请打开名单，一件一件填写。"


def _not_handed_in(task: Task, duty: Duty) -> str:
    if is_visiting(duty):
        return _BY_VISITS
    return _BY_THINGS if is_done_thing_by_thing(duty) else ""


def _not_nil(task: Task, duty: Duty) -> str:
    if is_done_thing_by_thing(duty):
        return _not_handed_in(task, duty)
    return "" if duty.zero_report else "这项定期任务不收零报告，请报送实际情况。"


def _not_twice(_rulebook: Rulebook, actor: Actor, task: Task) -> str:
    return "本单位已经免报，其余收报单位仍要报送。" if actor.unit in task.excused else ""


def _by_roster(rulebook: Rulebook, _actor: Actor, task: Task) -> str:
    roster = made_by_roster(rulebook, task.state)
    if roster is None:
        return ""
    when = "移交" if task.state == roster.duty else "登记已经发放"
    return f"这项任务由{roster.label}完成：名册{when}，就自动办结，不用另外报送。"


def _draw(draft: Draft, asked: Asked) -> None:
    drawing.draw_now(draft, draft.task(asked.task), asked.payload["made"])


def _redraw(draft: Draft, asked: Asked) -> None:
    told, thing = asked.payload, draft.find(OwedThing, str(asked.payload["thing"]))
    if thing:
        drawing.let_go(draft, draft.task(asked.task), thing, str(told["because"]), told["instead"])


def _hand_in(draft: Draft, asked: Asked) -> None:
    counts = asked.payload.get("counts", Counts())
    task, told = draft.task(asked.task), (asked.answers, asked.reason, asked.submission)
    duties.hand_in(draft, task, asked.version, *told, counts, asked.confirmed)


DUTY_VERBS = (
    Verb(
        id="hand-in",
        label="填写并报送",
        name="报送",
        event="duty.reported",
        do=_hand_in,
        of=_OF,
        acts=("complete", "submit"),
        asks=("form",),
        done="已报送。",
        clocks=_ENDS,
        barred=_not_handed_in,
        barred_by=_by_roster,
        elsewhere=True,
        reason_name="报送内容",
    ),
    Verb(
        id="report-nil",
        label="零报告",
        name="零报告",
        event="duty.nil",
        do=lambda draft, asked: duties.report_nil(draft, draft.task(asked.task), asked.version),
        of=_OF,
        acts=("complete", "submit"),
        done="已零报告。",
        clocks=_ENDS,
        barred=_not_nil,
    ),
    Verb(
        id="waive",
        label="免报本期",
        name="免报",
        event="duty.waived",
        do=lambda draft, asked: duties.waive(draft, draft.task(asked.task), asked.version, asked.reason),
        of=_OF,
        acts=("complete", "confirm-dispatch", "supervise"),
        who="receiver",
        asks=("reason",),
        done="已免报，承办单位已收到消息。",
        clocks=f"{_ENDS}同时报几个单位的，只免报本单位，其余单位都免报后才办结。",
        barred_by=_not_twice,
        careful=True,
    ),
    Verb(
        id="note-happening",
        label="登记发生的事情",
        name="登记",
        event="duty.opened",
        do=happening.note,
        on="form",
        of=_OF,
        acts=happening.NOTING,
        who="anybody",
        asks=("day", "reason"),
        done="已登记，任务已下达。",
        clocks="从事情发生那一天起算期限。",
        versioned=False,
        elsewhere=True,
        reason_name="情况",
    ),
    Verb(
        id="note-duty",
        label="写批注",
        name="批注",
        event="duty.noted",
        do=lambda draft, asked: duties.note(draft, draft.task(asked.task), asked.reason),
        of=_OF,
        acts=("submit", *CASEWORK),
        who="anybody",
        asks=("reason",),
        done="批注已记入办理经过。",
        clocks="只记下进展，不办结任务，期限不变。",
        versioned=False,
        reason_name="批注内容",
    ),
    Verb(
        id="open-duty",
        label="下达定期任务",
        event="duty.opened",
        do=lambda draft, asked: duties.open_duty(draft, asked.payload),
        of=_OF,
        who="machinery",
    ),
    Verb(
        id="withdraw-duty",
        label="停止应急任务",
        event="duty.withdrawn",
        do=lambda draft, asked: duties.withdraw(draft, draft.task(asked.task)),
        of=_OF,
        who="machinery",
    ),
    Verb(
        id="replace-duty",
        label="由应急任务代替",
        event="duty.replaced",
        do=lambda draft, asked: standing_in.replace(draft, draft.task(asked.task)),
        of=_OF,
        who="machinery",
    ),
    Verb(
        id="owe-again",
        label="恢复报送",
        event="duty.owed_again",
        do=lambda draft, asked: standing_in.owe_again(draft, draft.task(asked.task)),
        of=_OF,
        who="machinery",
    ),
    Verb(
        id="end-whole",
        label="走访完成或者期满",
        event="duty.visited",
        do=lambda draft, asked: visited.end_whole(
            draft, draft.task(asked.task), str(asked.payload["status"]), asked.payload["things"]
        ),
        of=_OF,
        who="machinery",
    ),
    Verb(
        id="draw-sample",
        label="抽取",
        event="duty.drawn",
        do=_draw,
        of=_OF,
        who="machinery",
    ),
    Verb(
        id="redraw",
        label="替补",
        event="duty.redrawn",
        do=_redraw,
        of=_OF,
        who="machinery",
    ),
    Verb(
        id="follow-duty",
        label="随区划调整",
        event="duty.division_changed",
        do=lambda draft, asked: follow_duty(
            draft, draft.task(asked.task), known=bool(asked.payload["known"]), turn=asked.payload.get("turn")
        ),
        of=_OF,
        who="machinery",
    ),
)
"""In the order pages offer them."""
