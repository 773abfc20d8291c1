"""What is done to households 户 by hand: founding, joining, leaving and splitting them, and naming another head."""

from datetime import date

from xunfang.casework import membership
from xunfang.casework.draft import Draft
from xunfang.casework.handling import need_reason
from xunfang.casework.rows import Household, Membership, Person
from xunfang.casework.subjects import Registered
from xunfang.casework.upkeep import day_of, note, person_of, wrong
from xunfang.casework.verb import Asked
from xunfang.rulebook.model import Rulebook
from xunfang.rules.kinship import HEAD, LEFT, relations

BY_HAND = ("moved", "joined", "mistaken")
"""Why somebody may be said to leave by hand; splitting and dying are acts of their own."""
FIELD = "household"


def found_household(draft: Draft, asked: Asked) -> None:
    """Found a household whose head somebody is, from a day on; raises Invalid."""
    person, day = person_of(draft, asked), _free_day(draft, asked)
    household = membership.found(draft, person, day)
    note(draft, person, asked, about=household.id, on=day, field=FIELD, after=household.number)
    _tell(draft, asked, "household.founded", person, household)


def join_household(draft: Draft, asked: Asked) -> None:
    """Let somebody join a household by its number, in a relation to its head, from a day on; raises Invalid."""
    person, day = person_of(draft, asked), _free_day(draft, asked)
    household = draft.first(Household, number=asked.number.strip())
    if household is None or household.ended_at is not None:
        raise wrong("number", "没有这个户编号，或者这一户不在您查看范围内、已经没有人；请核对。")
    _known_relation(draft.rulebook, asked.kind)
    membership.join(draft, household, person.id, asked.kind, day)
    note(draft, person, asked, about=household.id, on=day, field=FIELD, after=household.number)
    _tell(draft, asked, "household.joined", person, household)


def leave_household(draft: Draft, asked: Asked) -> None:
    """Let somebody leave their household from a day on, because of what `kind` says; raises Invalid."""
    person = person_of(draft, asked)
    theirs, day = _leaving(draft, asked, person)
    need_reason(asked.reason, "退出理由")
    if asked.kind not in BY_HAND:
        raise wrong("kind", "请选择退出的原因。")
    household = _household(draft, theirs)
    membership.leave(draft, theirs, day, asked.kind)
    note(draft, person, asked, about=household.id, on=day, field=FIELD, before=household.number, after=LEFT[asked.kind])
    _tell(draft, asked, "household.left", person, household)


def split_household(draft: Draft, asked: Asked) -> None:
    """Let somebody found a household of their own out of theirs, with those whom `answers` names; raises Invalid."""
    person = person_of(draft, asked)
    theirs, day = _leaving(draft, asked, person)
    need_reason(asked.reason, "分户理由")
    along = {str(key): str(relation) for key, relation in asked.answers.items() if relation}
    members = {row.person: row for row in draft.select(Membership, household=theirs.household, left_on=None)}
    for key, relation in along.items():
        if key == person.id or key not in members or members[key].joined_on > day:
            raise wrong("along", "请从同一户的人中选择随同分出的人。")
        _known_relation(draft.rulebook, relation)
    if len(along) + 1 == len(members):
        raise wrong("along", "全户都分出去就不是分户；只换户主的，请在新户主的档案里设为户主。")
    before = _household(draft, theirs)
    household = membership.split(draft, person, along, day)
    note(draft, person, asked, about=household.id, on=day, field=FIELD, before=before.number, after=household.number)
    _tell(draft, asked, "household.split", person, household)


def name_head(draft: Draft, asked: Asked) -> None:
    """Make somebody the head of their household; who was it before has a relation to them. Raises Invalid."""
    person = person_of(draft, asked)
    theirs = membership.belongs_to(draft, person.id)
    assert theirs is not None
    household, heads = _household(draft, theirs), _others(draft, theirs, HEAD)
    if heads:
        _known_relation(draft.rulebook, asked.kind)
    for head in heads:
        draft.change(head, relation=asked.kind)
    draft.change(theirs, relation=HEAD)
    note(draft, person, asked, about=household.id, field="head", before=theirs.relation, after=HEAD)
    _tell(draft, asked, "household.head_named", person, household)


def bar_member(subject: Registered) -> str:
    """Return why somebody can join no household, "" for who belongs to none."""
    return "此人已经在一户中；先登记退出或者分户。" if subject.membership else ""


def bar_alone(subject: Registered) -> str:
    """Return why somebody can leave no household, "" for who belongs to one."""
    return "" if subject.membership else "此人还没有登记到户。"


def bar_head(subject: Registered) -> str:
    """Return why somebody cannot become head of a household, "" for another member of one."""
    is_head = subject.membership is not None and subject.membership.relation == HEAD
    return "此人已经是户主。" if is_head else bar_alone(subject)


def bar_single(subject: Registered) -> str:
    """Return why no household is split off, "" where others stay."""
    return bar_alone(subject) or ("" if subject.others else "这一户只有一个人，不能分户。")


def _free_day(draft: Draft, asked: Asked) -> date:
    day, free = day_of(draft, asked), membership.free_from(draft, asked.person)
    if day < free:
        raise wrong("day", f"此人到 {free.isoformat()} 才退出原来的户，加入日期不能更早。")
    return day


def _leaving(draft: Draft, asked: Asked, person: Person) -> tuple[Membership, date]:
    theirs, day = membership.belongs_to(draft, person.id), day_of(draft, asked)
    assert theirs is not None
    if day < theirs.joined_on:
        raise wrong("day", f"不能早于加入之日（{theirs.joined_on.isoformat()}）。")
    return theirs, day


def _household(draft: Draft, theirs: Membership) -> Household:
    found = draft.find(Household, theirs.household)
    assert found is not None
    return found


def _others(draft: Draft, theirs: Membership, relation: str) -> list[Membership]:
    rows = draft.select(Membership, household=theirs.household, left_on=None, relation=relation)
    return [row for row in rows if row.id != theirs.id]


def _known_relation(rulebook: Rulebook, relation: str) -> None:
    if relation not in dict(relations(rulebook)):
        raise wrong("relation", "请选择与户主的关系。")


def _tell(draft: Draft, asked: Asked, name: str, person: Person, household: Household) -> None:
    told = {"person": person.id, "household": household.id, "number": household.number}
    reason = {"reason": asked.reason.strip()} if asked.reason.strip() else {}
    draft.event(name, data=told | reason)
