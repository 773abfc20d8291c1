"""其他规则: any rule file of a draft block by block, each block as a form, without a line of the language."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.drafting import Edited, edit_draft
from xunfang.casework.change_sets import MOST_TEXT
from xunfang.clock import local_date
from xunfang.desk.studio.block_edits import arranging, checked_id, edit_of, gathered, typed_edit, wanting, with_id
from xunfang.desk.studio.block_faces import BlockPage
from xunfang.desk.studio.block_keys import key_read, key_said
from xunfang.desk.studio.block_pages import Desk, block_page, desk_of, file_of, file_page, resting_on
from xunfang.desk.studio.blocks_beside import blocks_known, keys_above, read_blocks
from xunfang.desk.studio.files import layer_names
from xunfang.desk.studio.kinds_of_files import begun, kind_faces
from xunfang.desk.studio.lists import kept_option
from xunfang.desk.studio.said_names import SaidNames
from xunfang.errors import Conflict, Invalid, Refused
from xunfang.rulebook.block_forms import BlockForm, form_of
from xunfang.rulebook.block_inputs import Input
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.positions import Path
from xunfang.rulebook.splicing import AddBlock, SetBlock, Splice
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.views.secure import SecureView, expose

KEY, PATH, BLOCK, CLAUSE = 40, 200, 400, 80
_BACK = {
    "routing": "studio-routing.index",
    "deadlines": "studio-deadlines.index",
    "lists": "studio-lists.index",
    "clauses": "studio-clauses.index",
    "flows": "studio-flows.show",
    "duties": "studio-duties.index",
}
_HOW = ("up", "down", "remove")


def desk(change_set: str) -> Desk:
    """Return the draft of a change set in sight, looked through."""
    draft = site().readings.studio.drafted(member().actor, change_set[:KEY])
    return desk_of(draft, site().examining(), local_date(site().now()), site().rulebook(member().jurisdiction))


def keep(
    change_set: str, path: str, splices: Sequence[Splice], told: str = "", named_by: Rulebook | None = None
) -> None:
    """Let a draft say what these splices make of a file; raises Conflict, Invalid, PathRefused.

    What was done is told by the names of the draft's rules, or else of those in force.
    """
    names = SaidNames(named_by or site().rulebook(member().jurisdiction))
    edit = edit_of(path, splices, told, names)
    edit_draft(site().deployment, actor(), change_set[:KEY], path, edit, site().now())


def steps_given() -> int:
    """Return by how many places something is to be moved: by one, where nothing else was asked."""
    text = request.form.get("by", "")
    return int(text) if text.isdecimal() and 0 < len(text) < 4 else 1


class StudioRulesView(SecureView):
    """The files of a draft by kind, the blocks of each, and every block as a form."""

    in_menu = False
    under = "studio"

    @expose("/")
    def index(self, change_set: str) -> str:
        """List every kind of rule with its files."""
        return self._kinds(change_set)

    @expose("/begin", methods=["POST"])
    def begin(self, change_set: str) -> Any:
        """Open a new file of a kind."""
        kind, name = request.form.get("kind", "")[:40], request.form.get("name", "").strip()[:64]
        draft = site().readings.studio.drafted(member().actor, change_set[:KEY])
        try:
            path, text, label = begun(draft, kind, name)
            made = Edited(text, "file.add", f"新增{label}", saw=None)
            edit_draft(site().deployment, actor(), change_set[:KEY], path, lambda _: made, site().now())
        except (Conflict, Invalid) as refused:
            return self._kinds(change_set, {kind: refused.message}, name), refused.status
        return redirect(url_for("studio-rules.file", change_set=change_set, path=path, done="edit-draft"), 303)

    def _kinds(self, change_set: str, wrong: dict[str, str] | None = None, given: str = "") -> str:
        draft = site().readings.studio.drafted(member().actor, change_set[:KEY])
        told = {"head": draft.head, "kinds": kind_faces(draft), "wrong": wrong or {}, "given": given}
        told["layers"] = layer_names(draft.files)
        return str(self.render("studio/kinds.html", title=draft.head.title, **told))

    @expose("/file/<path:path>")
    def file(self, change_set: str, path: str) -> str:
        """List the blocks of a file."""
        return self._file(change_set, path[:PATH])

    def _file(self, change_set: str, path: str, refused: Refused | None = None) -> str:
        page = file_page(desk(change_set), path)
        return str(self.render("studio/blocks.html", title=page.file.label, page=page, refused=refused))

    @expose("/edit/<path:path>")
    def edit(self, change_set: str, path: str) -> str:
        """Show a block as a form, or the form of a new one."""
        found, key = desk(change_set), key_read(request.args.get("block", "[]")[:BLOCK])
        page = block_page(found, path[:PATH], key, request.args.get("before", "")[:BLOCK])
        if clause := request.args.get("clause", "")[:CLAUSE]:
            page = resting_on(page, clause)
        if page.is_new and request.args.get("new") != "yes":
            raise missing()
        return self._block(page)

    @expose("/save/<path:path>", methods=["POST"])
    def save(self, change_set: str, path: str) -> Any:
        """Let a block say what was typed; whatever is wrong, the form comes back with everything in it."""
        path, key = path[:PATH], key_read(request.form.get("block", "[]")[:BLOCK])
        found = desk(change_set)
        file_of(found.draft, path)
        typed = gathered({name: request.form.getlist(name) for name in request.form})
        blocks, _ = read_blocks(path, found.draft.files[path])
        is_new = request.form.get("new") == "yes"
        posted = with_id(typed, blocks_known(found.draft, path), key) if is_new else typed
        form = form_of(path, blocks, key, found.options)
        told = form.read(posted)
        if is_new and not request.form.get("look"):
            told = wanting(told, keys_above(found.draft, path), self._key_given(key))
        if request.form.get("look"):
            return self._again(found, path, key, form, [replace(each, problem="") for each in told.inputs])
        if told.problems:
            return self._again(found, path, key, form, told.inputs, "还有要改的地方，没有保存。", status=422)
        try:
            key = self._kept(change_set, path, key, told.data, found.named_by)
        except Conflict as refused:
            return self._overtaken(change_set, path, key, posted, refused)
        except Invalid as refused:
            return self._again(found, path, key, form, told.inputs, refused.message, refused.status)
        return redirect(self._saved(change_set, path, key), 303)

    def _overtaken(self, change_set: str, path: str, key: Path, posted: Mapping[str, Any], refused: Refused) -> Any:
        """Show what was typed beside what a colleague has kept meanwhile; from here it may be kept over that."""
        found = desk(change_set)
        blocks, _ = read_blocks(path, found.draft.files.get(path, ""))
        form = form_of(path, blocks, key, found.options)
        page = block_page(found, path, key, request.form.get("before", "")[:BLOCK], form, form.read(posted).inputs)
        return self._block(page, refused.message, overtaken=True), refused.status

    def _key_given(self, key: Path) -> Path:
        """Return the key of a new block, with the id that was typed."""
        return (*key[:-1], request.form.get(":id", "").strip()[:64]) if isinstance(key[-1], str) else key

    def _kept(self, change_set: str, path: str, key: Path, data: dict[str, Any], named_by: Rulebook) -> Path:
        """Keep a block and return its key."""
        if request.form.get("new") != "yes":
            keep(change_set, path, [SetBlock(key, request.form.get("digest", "")[:64], data)], named_by=named_by)
            return key
        if isinstance(key[-1], str):
            key = (*key[:-1], checked_id(request.form.get(":id", "").strip()[:64]))
        before = key_read(said) if (said := request.form.get("before", "")[:BLOCK]) else None
        keep(change_set, path, [AddBlock(key, data, before)], named_by=named_by)
        return before or key

    def _saved(self, change_set: str, path: str, key: Path) -> str:
        back = request.form.get("back", "")
        if back == "clauses" and _clause():
            return url_for("studio-clauses.clause", change_set=change_set, clause=_clause(), done="edit-draft")
        if back == "clauses" and len(key) == 2:  # a document was begun: its text comes next
            return url_for("studio-clauses.text", change_set=change_set, document=key[-1], done="edit-draft")
        if back in _BACK:
            return _back_to(back, change_set, path, at=key_said(key), done="edit-draft", _anchor="here")
        block = key_said(key)
        return url_for("studio-rules.edit", change_set=change_set, path=path, block=block, done="edit-draft")

    def _again(
        self,
        found: Desk,
        path: str,
        key: Path,
        form: BlockForm,
        inputs: Sequence[Input],
        refused: str = "",
        status: int = 200,
    ) -> Any:
        page = block_page(found, path, key, request.form.get("before", "")[:BLOCK], form, inputs)
        return self._block(page, refused), status

    def _block(self, page: BlockPage, refused: str = "", typed: str | None = None, *, overtaken: bool = False) -> str:
        back = request.values.get("back", "")
        back = back if back in _BACK else ""
        to = _back_to(back, page.head.id, page.file.path) if back else ""
        if back == "clauses" and _clause():
            to = url_for("studio-clauses.clause", change_set=page.head.id, clause=_clause())
        given = {
            "own_id": request.form.get(":id", page.own_id or "")[:64],
            "seen": "" if overtaken else request.form.get("digest", "")[:64],
        }
        back_to = {"back": back, "back_to": to, "clause": _clause()}
        told = {"page": page, "refused": refused, "overtaken": overtaken, **back_to, **given}
        told["typed"] = typed
        return str(self.render("studio/block.html", title=page.title, **told))

    @expose("/rewrite/<path:path>", methods=["POST"])
    def rewrite(self, change_set: str, path: str) -> Any:
        """Let one block read as it was typed; where that is refused, it comes back as it was typed."""
        path, key = path[:PATH], key_read(request.form.get("block", "[]")[:BLOCK])
        typed, digest = request.form.get("text", "")[: MOST_TEXT + 1], request.form.get("digest", "")[:64]
        found = desk(change_set)
        file_of(found.draft, path)
        edit = typed_edit(path, key, digest, typed, SaidNames(found.named_by))
        try:
            edit_draft(site().deployment, actor(), change_set[:KEY], path, edit, site().now())
        except (Conflict, Invalid) as refused:
            page, changed = block_page(desk(change_set), path, key), isinstance(refused, Conflict)
            return self._block(page, refused.message, typed, overtaken=changed), refused.status
        return redirect(self._saved(change_set, path, key), 303)

    @expose("/arrange/<path:path>", methods=["POST"])
    def arrange(self, change_set: str, path: str) -> Any:
        """Move a block among its like, or take it away."""
        path, how = path[:PATH], request.form.get("how", "")
        if how not in _HOW:
            raise missing()
        draft = site().readings.studio.drafted(member().actor, change_set[:KEY])
        file_of(draft, path)
        key = key_read(request.form.get("block", "[]")[:BLOCK])
        digest = request.form.get("whole" if how == "remove" else "digest", "")[:64]
        try:
            if how == "remove" and (why := kept_option(draft, path, key)):
                raise Conflict(f"这个选项{why}。")
            keep(change_set, path, [arranging(key, digest, how, steps_given())])
        except (Conflict, Invalid) as refused:
            return self._file(change_set, path, refused), refused.status
        back = request.form.get("back", "")
        if back in _BACK:
            return redirect(_back_to(back, change_set, path, done="edit-draft"), 303)
        return redirect(url_for("studio-rules.file", change_set=change_set, path=path, done="edit-draft"), 303)


def _clause() -> str:
    return str(request.values.get("clause", ""))[:CLAUSE]


def _back_to(back: str, change_set: str, path: str, **more: Any) -> str:
    """Return the address of the page that somebody came from to the form of a block."""
    if back == "flows":
        more["flow_id"] = path.rpartition("/")[2].removesuffix(".toml")
    return url_for(_BACK[back], change_set=change_set, **more)
