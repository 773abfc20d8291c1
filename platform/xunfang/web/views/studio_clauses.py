"""条款: the texts of policies with their rules beside them; words become clauses, clauses are put under rules."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.drafting import Edit, edit_draft
from xunfang.characters import seen
from xunfang.clock import local_date
from xunfang.desk.studio.block_pages import Desk
from xunfang.desk.studio.clause_edits import (
    MOST_WORDS,
    attached,
    clause_added,
    clause_removed,
    clause_set,
    detached,
    joined,
    seen_blocks,
    text_put,
)
from xunfang.desk.studio.clauses import (
    Policies,
    clause_page,
    clauses_page,
    new_clause_page,
    own_path,
    policy_text_page,
)
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.rulebook.policy_texts import text_path
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.studio_rules import KEY, desk

_ID, _TOKEN, _MOST, _TEXT = 80, 700, 8, 80_000
_NOTHING: Mapping[str, str] = {}


class StudioClausesView(SecureView):
    """The documents of a draft and their clauses."""

    in_menu = False
    under = "studio"

    @expose("/")
    def index(self, change_set: str) -> str:
        """Show the texts with the rules beside every clause."""
        document, want = request.args.get("document", "")[:_ID], request.args.get("want", "")[:_ID]
        page = clauses_page(desk(change_set), document, want)
        last = site().readings.studio.latest(member().actor, page.head.id)
        return str(self.render("studio/clauses.html", title="条款", page=page, last=last))

    @expose("/of/<path:clause>")
    def clause(self, change_set: str, clause: str) -> str:
        """Show one clause, to be changed and to be put under rules."""
        return self._clause(desk(change_set), clause[:_ID])

    @expose("/new/<document>")
    def new(self, change_set: str, document: str) -> str:
        """Show a clause to be made of a passage of a text."""
        said = request.args.get("passage", "")[:6]
        passage = int(said) if said.isascii() and said.isdigit() else None
        page = new_clause_page(desk(change_set), document[:_ID], passage=passage)
        return str(self.render("studio/clause-new.html", title="新条款", page=page, given=None, wrong={}))

    @expose("/text/<document>")
    def text(self, change_set: str, document: str) -> str:
        """Show the whole text of a document, to be pasted."""
        page = policy_text_page(desk(change_set), document[:_ID])
        return str(self.render("studio/policy-text.html", title="政策原文", page=page, refused=""))

    @expose("/do/<command>", methods=["POST"])
    def do(self, change_set: str, command: str) -> Any:
        """Make a clause, change it, put it under a rule or take it from there; put a whole text there."""
        acts: Mapping[str, Callable[[str, Desk], Any]] = {
            "pick": self._pick, "add": self._add, "set": self._set, "remove": self._remove, "attach": self._attach,
            "detach": self._detach, "text": self._put_text,
        }  # fmt: skip
        if command not in acts:
            raise missing()
        return acts[command](change_set, desk(change_set))

    def _pick(self, change_set: str, found: Desk) -> str:
        """Show a clause to be made of the words that were selected; nothing is kept."""
        page = new_clause_page(found, _posted("document"), _words())
        return str(self.render("studio/clause-new.html", title="新条款", page=page, given=None, wrong={}))

    def _add(self, change_set: str, found: Desk) -> Any:
        given, document = _given(), _posted("document")
        try:
            written = Policies(found).document(document)
            edit = clause_added(found.draft.files, found.draft.layer, written, given, local_date(site().now()))
            _keep(change_set, own_path(found.draft.layer), edit)
        except (Conflict, Invalid) as refused:
            page = new_clause_page(found, document, given["words"])
            told = {"page": page, "given": given, "wrong": _wrong(refused)}
            return self.render("studio/clause-new.html", title="新条款", **told), refused.status
        return _to_clause(change_set, given["id"].strip())

    def _set(self, change_set: str, found: Desk) -> Any:
        id, given = _posted("clause"), _given()

        def edit() -> tuple[str, Edit]:
            layer = found.draft.layer
            written = Policies(found).of_clause(id)
            return own_path(layer), clause_set(found.draft.files, layer, written, id, given, local_date(site().now()))

        return self._kept(change_set, found, id, edit, given)

    def _remove(self, change_set: str, found: Desk) -> Any:
        id, layer = _posted("clause"), found.draft.layer
        document = Policies(found).of_clause(id)
        try:
            _keep(change_set, own_path(layer), clause_removed(layer, document, id, _posted("whole")))
        except (Conflict, Invalid) as refused:
            return self._clause(found, id, wrong=_wrong(refused)), refused.status
        return redirect(url_for("studio-clauses.index", change_set=change_set, done="edit-draft"), 303)

    def _attach(self, change_set: str, found: Desk) -> Any:
        return self._recite(change_set, found, attached, "加上依据")

    def _detach(self, change_set: str, found: Desk) -> Any:
        return self._recite(change_set, found, detached, "去掉依据")

    def _recite(self, change_set: str, found: Desk, how: Callable[..., Edit], word: str) -> Any:
        id, tokens = _posted("clause"), [each for each in request.form.getlist("rule")[:_MOST] if each]
        page = clause_page(found, id)
        if not tokens:
            return self._clause(found, id, wrong={"rule": "请选一条规则。"}), 422
        path, blocks = seen_blocks([each[:_TOKEN] for each in tokens])
        texts = {token: text for _, rules in page.choices for token, text in rules}
        texts |= {each: rule.text for _, rules in page.clause.rules for rule in rules for each in rule.cited}
        said = texts.get(tokens[0], "规则").rstrip("。")
        told = f"“{said[:40]}{'……' if len(said) > 40 else ''}”{word} {id}"
        return self._kept(change_set, found, id, lambda: (path, how(path, blocks, id, told)), _NOTHING)

    def _kept(
        self, change_set: str, found: Desk, id: str, edit: Callable[[], tuple[str, Edit]], given: Mapping[str, str]
    ) -> Any:
        try:
            _keep(change_set, *edit())
        except (Conflict, Invalid) as refused:
            return self._clause(found, id, given, _wrong(refused)), refused.status
        return _to_clause(change_set, id)

    def _put_text(self, change_set: str, found: Desk) -> Any:
        document, text = _posted("document"), seen(request.form.get("text", "")[: _TEXT + 1])
        page = policy_text_page(found, document, text)
        if not page.may:
            raise missing()
        try:
            if not text.strip() or len(text) > _TEXT:
                wanted = f"请把政策全文粘贴在这里，最多{_TEXT}字，再保存。"
                raise Invalid([FieldProblem("text", wanted)], wanted)
            _keep(change_set, text_path(found.draft.layer, document), text_put(document, text, _posted("digest")))
        except (Conflict, Invalid) as refused:
            told = {"page": page, "refused": _wrong(refused)[""]}
            return self.render("studio/policy-text.html", title="政策原文", **told), refused.status
        to = url_for("studio-clauses.index", change_set=change_set, document=document, done="edit-draft")
        return redirect(to, 303)

    def _clause(
        self, found: Desk, id: str, given: Mapping[str, str] = _NOTHING, wrong: Mapping[str, str] = _NOTHING
    ) -> str:
        page, last = clause_page(found, id), site().readings.studio.latest(member().actor, found.draft.head.id)
        told = {"page": page, "given": given, "wrong": wrong, "last": last}
        return str(self.render("studio/clause.html", title=f"条款 {id}", **told))


def _posted(name: str) -> str:
    return request.form.get(name, "")[:_ID]


def _words() -> str:
    return joined(seen(request.form.get("words", "")[: MOST_WORDS * 2]))


def _given() -> dict[str, str]:
    told = {name: seen(request.form.get(name, "")[:400]) for name in ("id", "why", "reviewed")}
    return {**told, "words": _words(), "digest": _posted("digest")}


def _keep(change_set: str, path: str, edit: Edit) -> None:
    edit_draft(site().deployment, actor(), change_set[:KEY], path, edit, site().now())


def _to_clause(change_set: str, id: str) -> Any:
    return redirect(url_for("studio-clauses.clause", change_set=change_set, clause=id, done="edit-draft"), 303)


def _wrong(refused: Conflict | Invalid) -> dict[str, str]:
    """Return what is wrong by field, "" for the whole."""
    fields = {each.field: each.message for each in refused.problems} if isinstance(refused, Invalid) else {}
    return {"": refused.message, **fields}
