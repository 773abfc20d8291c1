"""Objecting 提出异议 to what hangs on a board, by the form of a county: it is about whoever that was published of."""

from dataclasses import dataclass

from xunfang.actions.acting import Act
from xunfang.actions.people import same_name
from xunfang.casework import Case, Publication
from xunfang.casework.reporting import told_of_person
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.rules.intake import Decision
from xunfang.rules.objections import objects_to_publications
from xunfang.store import Person
from xunfang.store.reading.publications import hangs


@dataclass(frozen=True, slots=True)
class Objected:
    """What is objected to, in which case it was published, and of whom."""

    posted: Publication
    case: Case
    person: Person


def objected_to(act: Act, decision: Decision, publication: str) -> Objected:
    """Return the publication in sight that a filled form objects to.

    Raises NotFound out of sight, Conflict where it hangs no more or the form objects to nothing, Invalid where
    another name was filled in than that of whoever it was published of.
    """
    posted = act.scoped.publications.file(publication).posted
    if not objects_to_publications(decision.form):
        raise Conflict("这张表不是对公示提出异议用的，请从公示里重新打开。", "NOT_NOW")
    if not hangs(posted, act.at):
        raise Conflict("公示已经撤下或者期满，不能再登记异议；要反映情况的，请在“填报”中另填一张。", "NOT_HANGING")
    case = act.case(posted.case)
    person = act.tx.find(Person, case.person)
    assert person is not None
    name = told_of_person(decision.form, decision.answers).get("name", "")
    if not same_name(person.name, name):
        field = decision.form.person.get("name", "")
        raise Invalid([FieldProblem(field, "与公示的姓名不一致，请按公示填写。", "OBJECTED_NAME")])
    return Objected(posted, case, person)
