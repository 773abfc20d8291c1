"""Acts that only look, and still leave a trace: revealing a secret, reading a message, handing in a file."""

from datetime import datetime

from xunfang.actions.acting import Act, Look, acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.filling import whole_answers
from xunfang.actions.limiting import PHOTO, REVEAL, limited, spend
from xunfang.actions.loading import draft_of
from xunfang.actions.people import SECRET, secrets_of
from xunfang.casework.grants import standing
from xunfang.errors import FieldProblem, Invalid
from xunfang.rules.caps import Judged
from xunfang.rules.labels import answer_text
from xunfang.steps import reached
from xunfang.store import Attachment, Case, Clue, ReadMark, Submission, Task, connection, new_id
from xunfang.store.reading.case_file import REGISTRY, REPORT, phones_by_source

SHORTEST_REASON = 4
MOST_REASON = 300
NOT_REGISTERED = "没有登记"
SOURCES = {REPORT: "本次上报", REGISTRY: "档案登记"}
"""What the sources of a value are called."""
EMPTY_REASONS = frozenset(
    {"工作需要", "因工作需要", "业务需要", "因业务需要", "办案需要", "办理需要", "需要查看", "查看信息", "核实情况"}
)
"""Words that tell an auditor nothing: for which errand was it?"""


def reveal(deployment: Deployment, actor: Actor, case_id: str, field: str, reason: str, at: datetime) -> str:
    """Return one sensitive value of a case's person in full; who, when and why is committed before it is shown.

    What is not registered reads NOT_REGISTERED: to learn that much is to have looked.
    `field` is "id_number", "phone", or a sensitive field of the case's forms. Raises NotFound, NotAllowed, Invalid,
    TooOften.
    """
    _need_reason(reason)
    with limited(deployment, actor, at), acting(deployment, actor, at, "reveal") as act:
        spend(act, REVEAL)
        case = act.scoped.case(case_id)
        value = _secret(act, case, field)
        data = {"field": field, "reason": reason.strip(), "person": case.person}
        if not value:
            data["because"] = "没有登记这一项"
        act.event("person.revealed", case=case.id, data=data)
        reached("reveal.recorded")
    reached("reveal.committed")
    return value or NOT_REGISTERED


def reveal_of_person(
    deployment: Deployment, actor: Actor, person_id: str, field: str, reason: str, at: datetime
) -> str:
    """Return number or phone of a person in sight as on record; who, when and why is committed before it is shown.

    Raises NotFound, NotAllowed, Invalid, TooOften.
    """
    _need_reason(reason)
    with limited(deployment, actor, at), acting(deployment, actor, at, "reveal") as act:
        spend(act, REVEAL)
        value = secrets_of(act, act.scoped.person(person_id)).get(field, "") if field in SECRET else ""
        data = {"field": field, "reason": reason.strip(), "person": person_id}
        act.event("person.revealed", data=data | ({} if value else {"because": "没有登记这一项"}))
    return value or NOT_REGISTERED


def _need_reason(reason: str) -> None:
    """Raise Invalid for a reason that tells an auditor nothing, or is longer than is kept."""
    if not tells_why(reason):
        raise Invalid([FieldProblem("reason", "请写明为办哪件事、要核对什么，如“电话核实入户时间”。")], "没有显示。")
    if len(reason.strip()) > MOST_REASON:
        raise Invalid([FieldProblem("reason", f"理由最多{MOST_REASON}字，请精简。", "REASON_TOO_LONG")], "没有显示。")


def tells_why(reason: str) -> bool:
    """Return whether a reason says something: several different signs that are words, and no empty phrase."""
    words = [sign for sign in reason if sign.isalnum()]
    return len(set(words)) >= SHORTEST_REASON and "".join(words) not in EMPTY_REASONS


def _secret(act: Act, case: Case, field: str) -> str:
    if field in SECRET:
        return _recorded(act, case, field)
    clues = sorted(act.tx.every(Clue, case=case.id), key=lambda clue: clue.withdrawn_at is None)  # taken back: the last
    keys = [clue.submission for clue in clues]
    keys += [task.answers for task in act.tx.every(Task, case=case.id) if task.answers]
    for key in reversed(keys):
        submission = act.tx.find(Submission, key)
        answers = whole_answers(act, submission)
        if submission and field in answers:
            rulebook = act.rules(submission.release)  # what joined an older case, or came before it moved, has others
            return answer_text(rulebook, rulebook.forms[submission.form].fields[field], answers[field])
    return ""


def _recorded(act: Act, case: Case, field: str) -> str:
    """Return number or phone of a case's person; where reports and record differ in it, each with its source."""
    secrets = secrets_of(act, act.scoped.person(case.person))
    if field != "phone":
        return secrets.get(field, "")
    phones = phones_by_source(secrets, act.tx.select(Clue, case=case.id))
    if len(phones) < 2:
        return "".join(phones)
    return "；".join(f"{phone}（{SOURCES[source]}）" for phone, source in phones.items())


def caps_before(deployment: Deployment, actor: Actor, task_id: str, at: datetime) -> tuple[Judged, ...]:
    """Return how the person of a task in sight stands to the caps of what it may grant; raises NotFound.

    What other units granted is told with its day and amount only: a decision must not ignore it.
    """
    with connection(deployment.database, actor.jurisdiction) as reader:
        look = Look(reader, deployment, actor, at)
        task = look.scoped.task(task_id)
        case = look.about(task)
        return standing(draft_of(look, case), case, task) if isinstance(case, Case) and task.role == "lead" else ()


def mark_read(deployment: Deployment, actor: Actor, message_id: str, at: datetime) -> None:
    """Note that this person has read a message; raises NotFound. The mark is its own record."""
    with acting(deployment, actor, at) as act:
        message = act.scoped.message(message_id)
        mark = ReadMark(account=actor.account, message=message.id, read_at=at)
        if act.tx.insert_unless(mark, "account", "message"):
            act.event("message.read", case=message.case, task=message.task, data={"message": message.id})


def mark_all_read(deployment: Deployment, actor: Actor, at: datetime, before: datetime | None = None) -> int:
    """Note that this person has read all of their messages, or those from before a moment; returns how many were new.

    One event tells how many; a person with nothing unread leaves none.
    """
    with acting(deployment, actor, at) as act:
        unread = act.scoped.unread(before)
        act.tx.insert_all_unless(
            [ReadMark(account=actor.account, message=message, read_at=at) for message in unread], "account", "message"
        )
        if unread:
            act.event("message.all_read", data={"count": len(unread)})
    return len(unread)


def attach(deployment: Deployment, actor: Actor, name: str, media_type: str, data: bytes, at: datetime) -> str:
    """Keep a file that will belong to a form still being filled, and return its key; the bytes are stored sealed.

    It waits for a clock that can be trusted: one dated by a clock that stands in 2001 would be dropped as never sent.
    Raises TooOften, ClockDoubtful.
    """
    sha256 = deployment.files.put(data)
    reached("attach.kept")
    with limited(deployment, actor, at), acting(deployment, actor, at, dated=True) as act:
        spend(act, PHOTO)
        if not deployment.files.has(sha256):  # the same photo, never sent by somebody else, was dropped meanwhile
            deployment.files.put(data)
        attachment = Attachment(
            id=new_id(),
            jurisdiction=actor.jurisdiction,
            name=name[:200],
            media_type=media_type,
            size=len(data),
            sha256=sha256,
            by=actor.account,
            at=at,
        )
        act.tx.insert(attachment)
        act.event("attachment.kept", data={"attachment": attachment.id, "size": len(data)})
    return attachment.id
