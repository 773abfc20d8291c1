"""Those who direct: who confirm a dispatch, sign papers, and decide about cases as a whole."""

from typing import Any

from xunfang.actions.dispatching import confirm_as_proposed, confirm_dispatch
from xunfang.actions.handling import do_to_case
from xunfang.actions.signing import do_to_paper
from xunfang.actions.submitting import submit
from xunfang.casework import Asked, Decided, Person, Publication
from xunfang.clock import local_date
from xunfang.errors import Refused
from xunfang.rulebook.delivery import ways_of
from xunfang.rules.units import kind_of
from xunfang.store import Case, Dispatch, Notice, new_id
from year.reporting import Reporting


class Directing(Reporting):
    """Dispatch, papers and cases."""

    def confirm(self, case: str) -> None:
        """Let a leader confirm who handles a case, sometimes another unit than was proposed."""
        waiting = self.county.rows(Dispatch, case=case, status="proposed")
        if not waiting:
            return
        book = self.county.deployment.rulebooks.release(self.county.find(Case, case).release)
        state = book.flows[self.county.find(Case, case).flow].states[waiting[0].state]
        leader = self.county.one_who("confirm-dispatch", book.routing[state.routes_by].confirm, waiting[0].unit)
        told = (self.county.deployment, leader, case, waiting[0].version)
        try:
            confirm_as_proposed(*told, self.county.at)
        except Refused:
            units = [unit.id for unit in book.units.values() if not unit.per and not unit.external]
            confirm_dispatch(*told, (Decided(self.chance.choice(units), ()),), self.county.at)
        self.done["dispatches"] += 1

    def sign(self, case: str) -> None:
        for paper in self.county.rows(Notice, case=case, status="draft"):
            role = self.county.deployment.rulebooks.release(paper.release).notices[paper.kind].signed_off_by
            signer = self.county.one_who("sign-off", role, paper.unit)
            verb = "refuse-sign-off" if self.chance.random() < 0.03 else "sign-off"
            self._paper(verb, signer, paper, reason="文字有误")
            if verb != "sign-off":
                again = self.county.find(Notice, paper.id)
                self._paper("remake-paper", self.county.of(paper.unit), again)
            self.done["papers signed"] += verb == "sign-off"

    def deliver(self, case: str) -> None:
        """Note that a paper was handed over, or find that it has to be void."""
        for paper in self.county.rows(Notice, case=case, status="issued"):
            if self.chance.random() < 0.03:
                signer = self.county.one_who("sign-off", "", paper.unit)
                self._paper("void-paper", signer, paper, reason="日期写错")
            else:
                to = paper.addressees[0] if paper.addressees else ""
                day = local_date(self.county.at).isoformat()
                kind = self.county.deployment.rulebooks.release(paper.release).notices[paper.kind]
                self._paper(
                    "deliver", self.county.of(paper.unit), paper, way=next(iter(ways_of(kind))), day=day, unit=to
                )

    def _paper(self, verb: str, actor: Any, paper: Any, **told: Any) -> None:
        asked = Asked(verb=verb, actor=actor, paper=paper.id, version=paper.version, **told)
        do_to_paper(self.county.deployment, asked, self.county.at)

    def put_away(self, case: str) -> None:
        """Put a closed case into the archive, or sometimes open it again."""
        verb = "reopen" if self.chance.random() < 0.02 else "archive"
        self._case(verb, case, reason="当事人补充了新情况")

    def void(self, case: str) -> None:
        self._case("void", case, reason="经核实系误报")

    def note(self, case: str) -> None:
        self._case("note", case, reason="已电话联系本人")

    def object_to(self, case: str) -> None:
        """Let somebody object to what a case waits for by a word that is noted."""
        self._case("object", case, reason="邻居反映其家中另有收入")

    def object_by_form(self, case: str) -> None:
        """Let somebody object by the form for that to what a case has published."""
        for posted in self.county.rows(Publication, case=case, taken_down_at=None):
            self._object_by_form(posted)

    def _object_by_form(self, posted: Publication) -> None:
        book, case = self.county.now(), self.county.find(Case, posted.case)
        whom = self.county.find(Person, case.person)
        for form in (form for form in book.forms.values() if form.objection):
            told = {form.person["name"]: whom.name, form.person["residence"]: book.divisions.follow(case.residence)}
            answers = self.filler.filled(book, form, self.county.at, {}, **told)
            near = [unit for unit in self._units_at(case.residence) if kind_of(unit) in form.filled_by]
            if answers is not None and near:
                sent = (form.id, answers, new_id(), self.county.at)
                submit(self.county.deployment, self.county.of(near[0]), *sent, publication=posted.id)
                self.done["objections by form"] += 1

    def link(self, case: str) -> None:
        """Let the clue of a case become one of another case of the same flow."""
        own = self.county.find(Case, case)
        others = self.county.rows(Case, flow=own.flow, closed_at=None)
        other = self.chance.choice([one for one in others if one.id != case and one.release == own.release] or [own])
        self._case("link", case, clue=self.clue_of(case).id, number=other.number, reason="同一户")

    def _case(self, verb: str, case: str, **told: Any) -> None:
        row = self.county.find(Case, case)
        actor = self.county.one_who("confirm-dispatch")
        asked = Asked(verb=verb, actor=actor, case=case, version=row.version, **told)
        do_to_case(self.county.deployment, asked, self.county.at)
        self.done[verb] += 1
