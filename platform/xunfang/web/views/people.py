"""救助对象档案: the people in sight, and everything recorded of one of them on one page."""

from collections.abc import Container, Mapping
from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.reading import reveal_of_person
from xunfang.actions.registry import do_to_person
from xunfang.casework import VERBS, Asked
from xunfang.clock import local_date
from xunfang.desk.labels import Labels
from xunfang.desk.people import people_list, people_of_cases, person_page
from xunfang.desk.registry import villages
from xunfang.rulebook.model import CATEGORY
from xunfang.rules.units import former_places, former_wholes
from xunfang.store.findable import paper_indexes, phone_index
from xunfang.store.reading.people import PeopleFilter
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.sought import sealed, sought
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.versions import reason_given, version_given

HERE, CASES = "", "cases"
ALONG = "with-"
MOST_PAID = 24
"""So many of the payments of somebody are shown."""
"""How the fields begin that tell who goes along when a household is split."""


class PeopleView(SecureView):
    """People in the person's sight."""

    @expose("/")
    def index(self) -> str:
        """List who lives within sight, whom the cases in sight are about, or those of an exact name or number."""
        find, after = request.args.get("find", "")[:500], request.args.get("after", "")[:200]
        text, show = sought(find), self._shown()
        wanted, who, at = self._wanted(text), member().actor, site().now()
        listed = (
            people_of_cases(site().deployment, who, at, after)
            if show == CASES and not text
            else people_list(site().deployment, who, wanted, at, after)
        )
        words = {"find": find if text else None, "text": text, "show": show, "wanted": wanted, "here": self._lives()}
        choices = {"places": self._places(), "categories": self._categories(), "programmes": self._programmes()}
        return str(self.render("pages/people.html", rows=listed[0], after=listed[1], **words, **choices))

    @expose("/", methods=["POST"])
    def find(self) -> Any:
        """Look for a name or a number: the address this leads to tells neither."""
        text = request.form.get("q", "").strip()[:50]
        return redirect(url_for("people.index", find=sealed(text) or None), 303)

    @expose("/<person_id>")
    def show(self, person_id: str) -> str:
        """Show everything about a person."""
        return self._page(person_id)

    @expose("/<person_id>/reveal", methods=["POST"])
    def reveal(self, person_id: str) -> str:
        """Show number or phone of the person, after the reason for it has been recorded."""
        page = person_page(site().deployment, member().actor, person_id, site().now())
        field = request.form.get("field", "")
        if field not in dict(page.person.hidden):
            raise missing()
        value = reveal_of_person(site().deployment, actor(), person_id, field, reason_given(), site().now())
        return self._page(person_id, revealed=(dict(page.person.hidden)[field], value))

    @expose("/<person_id>/<verb>", methods=["POST"])
    def do(self, person_id: str, verb: str) -> Any:
        """Do a verb to the person, with what the page asked for."""
        do_to_person(site().deployment, _asked(verb, person_id), site().now())
        return redirect(url_for("people.show", person_id=person_id, done=verb), 303)

    def _page(self, person_id: str, revealed: tuple[str, str] | None = None) -> str:
        page = person_page(site().deployment, member().actor, person_id, site().now())
        title = page.person.name or "救助对象"
        asks = {each for verb in page.can for each in verb.asks}
        labels = Labels(self.rulebook)
        words: dict[str, Any] = {
            "tab": self.name,
            "paid": site().readings.rolls.of_person(member().actor, person_id)[:MOST_PAID]
            if self.rulebook.rosters
            else (),
            "villages": villages(labels) if "places" in asks else (),
            "clauses": self._clauses(labels) if "clause" in asks else [],
        }
        return str(self.render("pages/person.html", title=title, page=page, revealed=revealed, **words))

    def _clauses(self, labels: Labels) -> list[tuple[str, str]]:
        """Return the clauses that categories of the lists rest on: (id, where it stands)."""
        known = self.rulebook.lists.get(CATEGORY)
        cited = dict.fromkeys(id for entry in known.entries.values() for id in entry.basis.cites) if known else {}
        return [(id, labels.in_short([id])) for id in cited]

    def _lives(self) -> bool:
        """Return whether the person sees people by where these live; a department sees them by its cases alone."""
        return bool(member().actor.scope.division)

    def _shown(self) -> str:
        return CASES if request.args.get("show") == CASES or not self._lives() else HERE

    def _wanted(self, text: str) -> PeopleFilter:
        """Return whom the address asks for: one text is a number or a name, other filters count without it."""
        if any(sign.isdigit() for sign in text):
            known = site().deployment.keys
            return PeopleFilter(indexes=paper_indexes(known, text), phone=phone_index(known, text) or "")
        if text:
            return PeopleFilter(name=text)
        place = _known("place", self.rulebook.divisions)
        return PeopleFilter(
            places=(place, *former_wholes(self.rulebook, place)) if place else (),
            former=former_places(self.rulebook, place),
            category=_known("category", dict(self._categories())),
            programme=_known("programme", self.rulebook.programmes),
            day=local_date(site().now()),
        )

    def _places(self) -> list[tuple[str, str]]:
        """Return the places next below what the person sees: (code, name)."""
        division, labels = member().actor.scope.division, Labels(self.rulebook)
        return [(each.code, labels.place(each.code)) for each in self.rulebook.divisions.children(division)]

    def _categories(self) -> list[tuple[str, str]]:
        known = self.rulebook.lists.get(CATEGORY)
        return [(entry.id, entry.label) for entry in known.entries.values()] if known else []

    def _programmes(self) -> list[tuple[str, str]]:
        return [(each.id, each.label) for each in self.rulebook.programmes.values()]


def _known(name: str, known: Container[str]) -> str:
    """Return what the address asks for under a name, "" for what does not exist."""
    given = request.args.get(name, "")[:60]
    return given if given in known else ""


def _asked(verb: str, person: str) -> Asked:
    """Return a verb on a person with what the page asked for; raises NotFound for any other verb."""
    if verb not in VERBS or VERBS[verb].on != "person":
        raise missing()
    along = {name.removeprefix(ALONG): value for name, value in request.form.items() if name.startswith(ALONG)}
    return Asked(
        verb=verb,
        actor=actor(),
        person=person,
        version=version_given(),
        reason=reason_given() if "reason" in VERBS[verb].asks else "",
        answers=_answers(verb, along),
        kind=_given("kind"),
        number=_given("number"),
        unit=_given("unit"),
        day=_given("day"),
    )


def _answers(verb: str, along: Mapping[str, str]) -> Mapping[str, str]:
    if "payee" in VERBS[verb].asks:
        return {name: _given(name) for name in ("payee", "relation", "bank", "account")}
    return {"after": _given("after")} if "value" in VERBS[verb].asks else along


def _given(name: str) -> str:
    return request.form.get(name, "").strip()[:80]
