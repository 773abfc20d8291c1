"""清单: the option lists of a draft, and the options of each with what uses them."""

from dataclasses import replace
from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.drafting import Edit, edit_draft
from xunfang.clock import local_date
from xunfang.desk.studio.block_edits import checked_id
from xunfang.desk.studio.block_keys import key_read
from xunfang.desk.studio.block_pages import Desk
from xunfang.desk.studio.list_edits import HINT, LABEL, Asked, ListEdits
from xunfang.desk.studio.lists import chosen_of, list_page, lists_page, own_path
from xunfang.errors import Conflict, Invalid, Refused
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.studio_rules import BLOCK, KEY, desk

ID = 64
_HOW = frozenset({"add", "rename", "retire", "restore", "up", "down", "remove"})


class StudioListsView(SecureView):
    """The option lists of a draft."""

    in_menu = False
    under = "studio"

    @expose("/")
    def index(self, change_set: str) -> Any:
        """List every list; whoever comes back from the form of an option is shown its list."""
        page = lists_page(desk(change_set))
        at = key_read(request.args.get("at", "[]")[:BLOCK])
        if at and any(row.id == at[0] for row in page.lists):
            return redirect(self._at(change_set, str(at[0]), str(at[-1])), 303)
        return self._index(page)

    def _index(self, page: Any, refused: str = "") -> str:
        told = {"page": page, "refused": refused, "given": request.form}
        return str(self.render("studio/lists.html", title="清单", **told))

    @expose("/begin/list", methods=["POST"])
    def begin(self, change_set: str) -> Any:
        """Open a new list with its first option."""
        found, asked = desk(change_set), _given("list")
        page = lists_page(found)
        taken = {row.id for row in page.lists}
        try:
            list_id = checked_id(asked or next(id for n in range(1, 999) if (id := f"list-{n}") not in taken))
            if list_id in taken:
                raise Conflict("已经有这个编号的清单了，请换一个，或者不写。")
            edits = ListEdits(found, list_id)
            _keep(change_set, found, edits.add(Asked(edits.free(), label=_given("label"))))
        except (Conflict, Invalid) as refused:
            return self._index(page, refused.message), refused.status
        return redirect(self._at(change_set, list_id, ""), 303)

    @expose("/<list_id>")
    def show(self, change_set: str, list_id: str) -> str:
        """Show a list with its options."""
        return self._page(desk(change_set), list_id[:ID])

    @expose("/<list_id>/do/<how>", methods=["POST"])
    def do(self, change_set: str, list_id: str, how: str) -> Any:
        """Change an option, or add one."""
        if how not in _HOW:
            raise missing()
        found, list_id = desk(change_set), list_id[:ID]
        entry = _given(":id")[:ID] if how == "add" else _given("entry")[:ID]
        asked = Asked(entry, _given("digest"), _given("label")[:LABEL], _given("hint")[:HINT], _given("until"))
        edits = ListEdits(found, list_id)
        if not edits.entries:
            raise missing()
        asked = asked if asked.entry or how != "add" else replace(asked, entry=edits.free())
        try:
            _keep(change_set, found, _edit(edits, how, asked))
        except (Conflict, Invalid) as refused:
            return self._page(found, list_id, refused), refused.status
        return redirect(self._at(change_set, list_id, asked.entry), 303)

    def _at(self, change_set: str, list_id: str, entry: str) -> str:
        to: dict[str, Any] = {"change_set": change_set, "list_id": list_id, "at": entry, "done": "edit-draft"}
        return url_for("studio-lists.show", **to, _anchor="here" if entry else None)

    def _page(self, found: Desk, list_id: str, refused: Refused | None = None) -> str:
        counted = chosen_of(site().deployment, member().actor, found, list_id)
        page = list_page(found, list_id, counted, local_date(site().now()))
        wrong = {each.field: each.message for each in refused.problems} if isinstance(refused, Invalid) else {}
        told = {"page": page, "wrong": wrong, "refused": refused, "given": request.form, "at": _at()}
        return str(self.render("studio/list.html", title=page.title, **told))


def _at() -> str:
    return request.form.get("entry", request.args.get("at", ""))[:ID]


def _edit(edits: ListEdits, how: str, asked: Asked) -> Edit:
    if how in ("up", "down"):
        return edits.move(asked, -1 if how == "up" else 1)
    makes = {"add": edits.add, "rename": edits.rename, "retire": edits.retire, "restore": edits.restore}
    return makes.get(how, edits.remove)(asked)


def _keep(change_set: str, found: Desk, edit: Edit) -> None:
    path = own_path(found.draft.layer)
    edit_draft(site().deployment, actor(), change_set[:KEY], path, edit, site().now())


def _given(name: str) -> str:
    return " ".join(request.form.get(name, "").split())[:300]
