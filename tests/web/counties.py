"""Two counties on one deployment, in which every person, paper, photo and message carries a canary of its own."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from conftest import JURISDICTION, NOW, ROOT, Person, Town, open_town
from PIL import Image
from pypdf import PdfWriter

from cold import COLD
from sheets.books import HEADS
from xunfang.actions.acting import acting
from xunfang.actions.alerts import declare
from xunfang.actions.deployment import machinery
from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.feeds import hand_in_list, hand_over
from xunfang.actions.handling import carry_out, claim
from xunfang.actions.list_reading import ListReading
from xunfang.actions.meetings import call_sitting
from xunfang.actions.openings import bring
from xunfang.actions.papers import NoticeIssuing, NoticeOrder
from xunfang.actions.reading import attach
from xunfang.actions.signing import do_to_paper
from xunfang.actions.staffing import name_deputy
from xunfang.actions.storing import store
from xunfang.actions.submitting import submit
from xunfang.actions.wholes import open_whole
from xunfang.casework import (
    AgendaItem,
    Asked,
    ChangeSet,
    Circular,
    Decided,
    File,
    HelpedList,
    Minutes,
    OwedThing,
    Publication,
    Roll,
    RollLine,
    Sitting,
    advance,
)
from xunfang.casework.jobs import ISSUE, READ_LIST
from xunfang.clock import local
from xunfang.identity import make_id
from xunfang.printing import Paper, PrintOrder, print_paper
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.store import Account, Case, Dispatch, Job, Message, Notice, Question, Task, connection, new_id, transaction
from xunfang.store.jobs import next_due
from xunfang.worker import Worker

OTHER_COUNTY = "141121-wenshui"
EAST, WEST, RIVAL, THERE = "370304102", "370304103", "370304106", "141121100"
EAST_VILLAGE, EAST_NEIGHBOUR, WEST_VILLAGE, THERE_VILLAGE = f"{EAST}201", f"{EAST}206", f"{WEST}011", f"{THERE}212"
RIVAL_VILLAGE = f"{RIVAL}023"
STAFF = (
    Person("east-village", f"village:{EAST_VILLAGE}", ("reporter",), EAST_VILLAGE),
    Person("neighbour-village", f"village:{EAST_NEIGHBOUR}", ("reporter",), EAST_NEIGHBOUR),
    Person("west-village", f"village:{WEST_VILLAGE}", ("reporter",), WEST_VILLAGE),
    Person("rival-village", f"village:{RIVAL_VILLAGE}", ("reporter",), RIVAL_VILLAGE),
    Person("there-village", f"village:{THERE_VILLAGE}", ("reporter",), THERE_VILLAGE, OTHER_COUNTY),
    Person("east-clerk", f"township:{EAST}", ("clerk",), EAST),
    Person("east-colleague", f"township:{EAST}", ("clerk",), EAST),
    Person("insurance-clerk", "medical-insurance-bureau", ("clerk",)),
    Person("locked", "housing-bureau", ("clerk",)),
    Person("leader-here", "service-centre", ("leader",), "370304"),
    Person("centre-there", "civil-affairs", ("clerk",), "141121", OTHER_COUNTY),
)


@dataclass(frozen=True)
class Canary:
    """What is told of one person. `group` names the case it belongs to; two of one `serial` have one id number."""

    group: str
    village: str
    finder: str
    name: str
    serial: int
    line: int = 0

    @property
    def id_number(self) -> str:
        """The full number."""
        return make_id("370304", date(1958, 3, 14), self.serial)

    @property
    def phone(self) -> str:
        """The full number."""
        return f"1390533{self.line or self.serial:04d}"

    def word(self, what: str) -> str:
        """Return a text that stands nowhere else."""
        return f"鹊{what}-{self.group}-canary"

    @property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """Return what is told of this person, by who may come to see it."""
        return {
            "plain": (self.name, *map(self.word, ("困难", "住址", "备注", "发现人"))),
            "id_number": (self.id_number,),
            "phone": (self.phone,),
            "illness": (self.word("病情"),),
            "photo": (self.word("照片"),),
            "unsent": (self.word("未交照片"),),
            "message": (self.word("消息标题"), self.word("消息正文")),
            "assisting": (self.word("协办消息"),),
        }

    def answers(self, photo: str) -> dict[str, Any]:
        """Return a report about this person."""
        return {
            "found_at": "2026-09-29T08:30:00+08:00", "finder_role": "village-cadre", "finder_name": self.word("发现人"),
            "name": self.name, "id_number": self.id_number, "phone": self.phone, "residence": self.village,
            "address": self.word("住址"), "difficulty": self.word("困难"), "needs": ["medical"],
            "illness": self.word("病情"), "willing": True, "consent": True, "urgency": "ordinary", "photos": [photo],
            "remarks": self.word("备注"),
        }  # fmt: skip


CANARIES = {
    canary.group: canary
    for canary in (
        Canary("east", EAST_VILLAGE, "east-village", "东方甲鹊", 101),
        Canary("waiting", EAST_VILLAGE, "east-village", "东方乙鹊", 202),
        Canary("neighbour", EAST_NEIGHBOUR, "neighbour-village", "东邻丙鹊", 303),
        Canary("west", WEST_VILLAGE, "west-village", "西门丁鹊", 404),
        Canary("rival", RIVAL_VILLAGE, "rival-village", "东方己鹊", 101, line=606),
        Canary("there", THERE_VILLAGE, "there-village", "他县戊鹊", 505),
    )
}


@dataclass
class Counties:
    """A running site of two counties, and the keys of what lies in them: "<group>.<thing>".

    `numbers` are those of each group's case and papers.
    """

    town: Town
    keys: dict[str, str] = field(default_factory=dict)
    numbers: list[tuple[str, str]] = field(default_factory=list)


@cache
def rulebooks() -> dict[str, Rulebook]:
    """Return the rules of both counties."""
    files = read_files(ROOT)
    found = {id: compile_rulebook(files, id) for id in (JURISDICTION, OTHER_COUNTY)}
    return found | {JURISDICTION: replace(found[JURISDICTION], alerts={COLD.id: COLD})}


def photo_of(word: str) -> bytes:
    """Return a photo that carries a word among its bytes."""
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(made, "JPEG", comment=word.encode())
    return made.getvalue()


def open_counties(folder: Path, visitors: Iterable[Person]) -> Counties:
    """Return both counties with a case of each canary in them, handled as far as a paper; `visitors` can sign in."""
    made = Counties(open_town(folder, rulebooks(), (*STAFF, *visitors)))
    for canary in CANARIES.values():
        _report(made, canary)
    for group in ("east", "neighbour", "west", "rival"):
        _dispatch(made, group)
    _print_papers(made)
    for canary in CANARIES.values():
        _message_and_job(made, canary)
    with transaction(made.town.deployment.database, "") as tx:
        tx.update(Account, {"login": "locked"}, {"locked_until": NOW + timedelta(minutes=20)})
    _let_people_stand_in(made)
    _owe(made)
    _declare(made)
    _meet(made)
    _circulate(made)
    _draft_rules(made)
    _hand_lists_in(made)
    _post(made)
    _pay(made)
    with connection(made.town.deployment.database) as reader:
        made.keys |= {f"account.{account.login}": account.id for account in reader.select(Account)}
        (question,) = reader.select(Question)
    made.keys |= {"question": question.id, "east.id_number": CANARIES["east"].id_number}
    return made


def _let_people_stand_in(made: Counties) -> None:
    """Let a clerk of the township have a task in hand, and a colleague stand in for that clerk."""
    town, task = made.town, made.town.task(made.keys["neighbour.lead"])
    clerk, colleague = town.actor("east-clerk"), town.actor("east-colleague")
    claim(town.deployment, clerk, task.id, task.version, NOW)
    given = (clerk.account, colleague.account, NOW.date(), NOW.date() + timedelta(days=9))
    made.keys["east.deputy"] = name_deputy(town.deployment, clerk, *given, NOW)


def _owe(made: Counties) -> None:
    """Let the township owe its monthly report to the service centre."""
    told = {"duty": "township-monthly", "unit": f"township:{EAST}", "begins_on": "2026-09-01"}
    with acting(made.town.deployment, machinery(JURISDICTION, "试报"), NOW) as act:
        asked = Asked(verb="open-duty", actor=act.actor, payload=told)
        store(act, advance(act.rules(), File(), asked, NOW, new_id))
    with connection(made.town.deployment.database) as reader:
        (task,) = reader.select(Task, subject="duty")
    made.keys |= {"east.duty": task.about, "east.owed": task.id}
    _let_visit(made)


def _let_visit(made: Counties) -> None:
    """Let the village of the case owe a visit to the person it is about."""
    key = ("patrol", f"village:{EAST_VILLAGE}", "month", date(2026, 9, 1))
    with acting(made.town.deployment, machinery(JURISDICTION, "试走访"), NOW) as act:
        whole = open_whole(act, act.rules(), key, 0)
        thing = OwedThing(
            id=new_id(),
            jurisdiction=JURISDICTION,
            residence=EAST_VILLAGE,
            duty="patrol",
            asks="patrol",
            subject="visit",
            matter="visit",
            about=made.keys["east.person"],
            person=made.keys["east.person"],
            period=whole,
            unit=key[1],
            every="month",
            begins_on=key[3],
            ends_on=date(2026, 9, 30),
            planned_at=NOW,
            due_at=NOW + timedelta(days=1),
        )
        act.tx.insert(thing)
    made.keys |= {"east.whole": whole, "east.thing": thing.id}


def _hand_lists_in(made: Counties) -> None:
    """Let the department that assists hand a list in with somebody it knows, and have another one ready."""
    town, east = made.town, CANARIES["east"]
    actor = town.actor("insurance-clerk")
    for key, place in (("east.list", "域城镇"), ("east.draft", "域城镇（又一份）")):
        known = [1, east.name, east.id_number, "", place, "医院", "2026-09-01", 30000]
        rows = (HEADS, known, [2, "无名", "1", "", "", "", "", 1])
        given = ("insured-inpatient-bills", "", "a.csv", listed_rows(rows))
        made.keys[key], _ = hand_in_list(town.deployment, actor, *given, NOW)
    heads = ("姓名", "身份证号", "村居")
    for key, more in (("east.opening", ()), ("east.asked", ("别的列",))):
        rows = ((*heads, *more), (east.name, east.id_number, "域城镇北域城村", *more), ("无名", "1", "外地", *more))
        brought = ("opening:helped", "b.csv", listed_rows(rows))
        made.keys[key], _ = bring(town.deployment, town.actor("east-clerk"), *brought, NOW)
    worker = Worker(town.deployment.database, {READ_LIST: ListReading(town.deployment, town.now)}, town.now)
    while next_due(town.deployment.database, town.now()):
        worker.run_next()
    hand_over(town.deployment, actor, made.keys["east.list"], 2, NOW)


def listed_rows(rows: Iterable[Iterable[Any]]) -> bytes:
    """Return a list as CSV."""
    return "\r\n".join(",".join(map(str, row)) for row in rows).encode()


def _declare(made: Counties) -> None:
    """Let the service centre declare an event for the township."""
    town, told = made.town, (COLD.id, "yellow", (EAST,), "", "气象台发布预警")
    made.keys["east.alert"] = declare(town.deployment, town.actor("leader-here"), *told, NOW)
    with transaction(town.deployment.database, "") as tx:
        tx.update(Job, {"kind": "alert-duties"}, {"status": "done"})


def _meet(made: Counties) -> None:
    """Let the service centre call a sitting of its meeting, with the case of the township on it."""
    town, leader = made.town, made.town.actor("leader-here")
    clerk = replace(leader, acts=leader.acts | {"complete"})
    key = call_sitting(town.deployment, clerk, "joint-meeting", "2026-12-30T09:00", "三楼会议室", (), NOW)
    lead = town.task(made.keys["east.lead"])
    told = {"sitting": key, "case": lead.case, "task": lead.id, "turn": 1, "n": 1, "put_at": NOW}
    with transaction(town.deployment.database, "") as tx:  # it is not the centre's to decide, so nobody could put it on
        item = AgendaItem(id=new_id(), jurisdiction=JURISDICTION, **told)
        tx.insert(item)
        sitting = tx.find(Sitting, key)
        assert sitting is not None
        tx.insert(_minutes_of(made, sitting))
    made.keys |= {"east.sitting": key, "east.item": item.id}


def _minutes_of(made: Counties, sitting: Sitting) -> Minutes:
    """Return minutes of a sitting, as they go to those who came."""
    told = {"kind": "sitting-minutes", "status": "circulated", "chair": "某主任", "wanted_at": NOW}
    return Minutes(
        id=new_id(), jurisdiction=JURISDICTION, sitting=sitting.id, unit=sitting.unit, release=sitting.release,
        sha256=_blank(made), pages=1, **told,
    )  # fmt: skip


def _blank(made: Counties) -> str:
    """Return where a page without a word is kept."""
    blank, pdf = PdfWriter(), io.BytesIO()
    blank.add_blank_page(100, 100)
    blank.write(pdf)
    return made.town.deployment.files.put(pdf.getvalue())


def _circulate(made: Counties) -> None:
    """Let the office of the leading group have issued a circular about the township, and drafted another."""
    words = {"title": "通报", "to": "各单位", "opening": "如下：", "demand": "请办结。"}
    told = {**words, "as_of": "2026-03-10", "units": []}
    by = {"unit": "leading-group-office", "residence": "370304", "units": ("township:370304102",), "told": told}
    kept = {"release": rulebooks()[JURISDICTION].digest, "drafted_at": NOW, "drafted_by": "", "sha256": _blank(made)}
    with transaction(made.town.deployment.database, "") as tx:
        for name, status in (("east", "issued"), ("draft", "draft")):
            made.keys[f"{name}.circular"] = key = new_id()
            what = {"id": key, "jurisdiction": JURISDICTION, "kind": "overdue-circular", "status": status}
            tx.insert(Circular(**what, **by, **kept))


def _draft_rules(made: Counties) -> None:
    """Let a change set be begun on the rules of the county, in which nothing is edited yet."""
    by = {"made_at": NOW, "made_by": "", "base": rulebooks()[JURISDICTION].digest}
    made.keys["here.change_set"] = key = new_id()
    with transaction(made.town.deployment.database, "") as tx:
        tx.insert(ChangeSet(id=key, jurisdiction=JURISDICTION, title="试改", why="", **by))  # type: ignore[arg-type]


def _post(made: Counties) -> None:
    """Let the case of the township hang in its village."""
    case = made.town.task(made.keys["east.lead"]).case
    told = {"name": CANARIES["east"].name, "matter": "试公示", "to": "某镇政府"}
    where = {"residence": EAST_VILLAGE, "place": EAST_VILLAGE, "board": "village-board"}
    how = {"flow": "clue", "state": "handling", "release": rulebooks()[JURISDICTION].digest, "sha256": "0" * 64}
    row = Publication(id=new_id(), jurisdiction=JURISDICTION, case=case, told=told, posted_at=NOW, **where, **how)
    with transaction(made.town.deployment.database, "") as tx:
        tx.insert(row)
    made.keys["east.publication"] = row.id
    helped = HelpedList(
        id=new_id(),
        jurisdiction=JURISDICTION,
        residence=EAST_VILLAGE,
        programme="subsistence-allowance",
        board="village-board",
        release=how["release"],
        told={"rows": [{"name": CANARIES["east"].name, "members": "2人", "amount": "530元"}], "to": "某镇政府"},
        households=1,
        sha256="0" * 64,
        posted_at=NOW,
    )
    with transaction(made.town.deployment.database, "") as tx:
        tx.insert(helped)
    made.keys["east.helped"] = helped.id


def _pay(made: Counties) -> None:
    """Let the service centre have drafted a roll with the person of the east on it, and signed others."""
    east, files = CANARIES["east"], made.town.deployment.files
    rules, who = rulebooks()[JURISDICTION].digest, {"jurisdiction": JURISDICTION, "roster": "subsistence-roll"}
    for month, status in ((7, "drafted"), (8, "reviewed"), (9, "signed")):
        roll = Roll(
            id=new_id(),
            residence="370304",
            programme="subsistence-allowance",
            unit="service-centre",
            month=date(2026, month, 1),
            first=date(2026, 7, 1),
            turn=1,
            release=rules,
            begun_at=NOW,
            begun_by="",
            status=status,
            xlsx=files.put(east.id_number.encode()) if status == "signed" else "",
            pdf=files.put(b"a paper") if status == "signed" else "",
            **who,
        )
        told = {"name": east.name, "id_number": east.id_number, "kind": "regular", "cents": 53000}
        where = {"residence": EAST_VILLAGE, "person": made.keys["east.person"], "month": roll.month}
        line = RollLine(id=new_id(), roll=roll.id, **who, **told, **where)
        with transaction(made.town.deployment.database, "") as tx:
            tx.insert_all([roll])
            tx.insert_all([line])
        made.keys |= {f"east.{status}": roll.id, f"east.{status}.line": line.id}


def _keep(made: Counties, canary: Canary, word: str) -> str:
    town = made.town
    return attach(town.deployment, town.actor(canary.finder), "photo.jpg", "image/jpeg", photo_of(word), NOW)


def _report(made: Counties, canary: Canary) -> None:
    town, photo = made.town, _keep(made, canary, canary.word("照片"))
    form = made.town.deployment.rulebooks.of(town.actor(canary.finder).jurisdiction).forms["clue-report"]
    answers = {name: value for name, value in canary.answers(photo).items() if name in form.fields}
    answers |= {"policy_explained": True} if "policy_explained" in form.fields else {}
    told = submit(town.deployment, town.actor(canary.finder), "clue-report", answers, new_id(), NOW)
    made.keys |= {
        f"{canary.group}.case": told.case,
        f"{canary.group}.person": _person_of(town, told.case),
        f"{canary.group}.photo": photo,
        f"{canary.group}.unsent": _keep(made, canary, canary.word("未交照片")),
        f"{canary.group}.submission": told.submission,
    }
    made.numbers.append((canary.group, told.case_number))
    _note_tasks(made, canary.group)


def _person_of(town: Town, case_id: str) -> str:
    with connection(town.deployment.database) as reader:
        case = reader.find(Case, case_id)
    assert case
    return case.person


def _dispatch(made: Counties, group: str) -> None:
    """Send a case to its own township, with a department that assists."""
    town, case = made.town, made.keys[f"{group}.case"]
    with connection(town.deployment.database) as reader:
        waiting = reader.first(Dispatch, case=case, status="proposed")
    assert waiting
    lead = f"township:{CANARIES[group].village[:9]}"
    decided = [Decided(lead, ("medical-insurance-bureau",) if group == "east" else ())]
    confirm_dispatch(town.deployment, town.actor("leader-here"), case, waiting.version, decided, NOW)
    _note_tasks(made, group)
    if group == "east":
        _consult(made, group)


def _consult(made: Counties, group: str) -> None:
    """Let the township ask the department that assists."""
    with acting(made.town.deployment, machinery(JURISDICTION, "试问"), NOW) as act:
        task, told = made.keys[f"{group}.lead"], {"unit": "medical-insurance-bureau", "reason": "能否纳入医疗救助"}
        asked = Asked(verb="consult", actor=act.actor, task=task, **told)
        carry_out(act, asked, act.case(made.keys[f"{group}.case"]))
    _note_tasks(made, group)


def _note_tasks(made: Counties, group: str) -> None:
    for task in made.town.tasks(made.keys[f"{group}.case"]):
        made.keys[f"{group}.{task.role}"] = task.id


def _print_papers(made: Counties) -> None:
    """Print a paper of each dispatched case with the real press, and one in the other county."""
    deployment, town = made.town.deployment, made.town
    keys = made.keys
    for group in ("east", "neighbour", "west", "rival", "there"):
        jurisdiction, kind = _PAPERS[group == "there"]
        with acting(deployment, machinery(jurisdiction, "试印"), NOW) as act:
            case = act.case(keys[f"{group}.case"])
            carry_out(act, Asked(verb="print", actor=act.actor, case=case.id, kind=kind), case)
    worker = Worker(deployment.database, {ISSUE: NoticeIssuing(deployment, _press, town.now)}, town.now)
    while next_due(deployment.database, town.now()):
        worker.run_next()
    _sign_papers(made)
    while next_due(deployment.database, town.now()):
        worker.run_next()
    with transaction(deployment.database, "") as tx:
        for notice in tx.select(Notice, case=keys["neighbour.case"], kind="closing-notice"):
            tx.update(Notice, {"id": notice.id}, {"status": "failed", "error": "模板有误"})
        for notice in tx.select(Notice):
            group = _group_of(made, notice)
            keys |= {f"{group}.{notice.kind}": notice.id, f"{group}.{notice.kind}.version": str(notice.version)}
            keys[f"{group}.{notice.kind}.seen"] = f"{notice.id}:{notice.version}"
            made.numbers += [(group, notice.number)] if notice.number else []
    keys["today"] = local(NOW).date().isoformat()


def _group_of(made: Counties, notice: Notice) -> str:
    return next(group for group in CANARIES if made.keys[f"{group}.case"] == notice.case)


def _sign_papers(made: Counties) -> None:
    """Sign every draft but the one that waits for its signature in the east."""
    deployment = made.town.deployment
    with connection(deployment.database) as reader:
        drafts = [notice for notice in reader.select(Notice, status="draft") if _group_of(made, notice) != "east"]
    for draft in drafts:
        signer = machinery(draft.jurisdiction, "试签")
        asked = Asked(verb="sign-off", actor=signer, paper=draft.id, version=draft.version)
        do_to_paper(deployment, asked, NOW)


_PAPERS = ((JURISDICTION, "closing-notice"), (OTHER_COUNTY, "application-guide"))


def _press(order: NoticeOrder) -> Paper:
    return print_paper(
        PrintOrder(order.template, order.templates, order.facts, order.layout, {}, ROOT / "var" / "fonts", order.mark)
    )


def _message_and_job(made: Counties, canary: Canary) -> None:
    """Put a message into the inbox of the unit that holds the case, and park a job about it."""
    keys, group = made.keys, canary.group
    jurisdiction = OTHER_COUNTY if group == "there" else JURISDICTION
    keys |= {f"{group}.message": new_id(), f"{group}.assisting": new_id(), f"{group}.job": new_id()}
    common = {"jurisdiction": jurisdiction, "kind": "urge", "at": NOW, "case": keys[f"{group}.case"]}
    told = {"unit": f"township:{canary.village[:9]}", "title": canary.word("消息标题"), "body": canary.word("消息正文")}
    assisting = {"unit": "medical-insurance-bureau", "title": canary.word("协办消息"), "body": ""}
    with transaction(made.town.deployment.database, "") as tx:
        tx.insert(Message(id=keys[f"{group}.message"], key=new_id(), **common, **told))
        if group == "east":
            tx.insert(Message(id=keys["east.assisting"], key=new_id(), **common, **assisting))
        tx.insert(
            Job(
                id=keys[f"{group}.job"], kind="issue-notice", key=new_id(), run_at=NOW, status="parked", attempts=5,
                payload={}, jurisdiction=jurisdiction, last_error=f"parked-{jurisdiction}", ended_at=NOW,
                case=keys[f"{group}.case"],
            )
        )  # fmt: skip
