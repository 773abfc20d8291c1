"""新建县区: from divisions and a policy text to the rules of a new jurisdiction, step by step, and out as a package."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from flask import Response, request

from xunfang.actions.new_counties import county_package
from xunfang.clock import local_date
from xunfang.confinement import Limits
from xunfang.desk.studio.county_faces import CountyPage
from xunfang.desk.studio.new_county import county_page
from xunfang.sheets.cells import text
from xunfang.sheets.reading import opened
from xunfang.sheets.sniffing import MB, SheetRefused
from xunfang.web.guard import actor, member, site
from xunfang.web.views.secure import SecureView, expose

_SHEET = Limits(memory=600 * MB, cpu=20, wall=30.0, answer=8 * MB)
_MOST_BYTES = 2 * MB
_MOST_ROWS, _TEXT = 8_000, 400_000
_NOT_KEPT = frozenset({"csrf", "step", "sheet"})


class NewCountyView(SecureView):
    """The wizard; what was typed in its steps travels with them and stays in the browser, nothing is stored here."""

    in_menu = False
    under = "studio"

    @expose("/")
    def index(self) -> str:
        """Show the first step."""
        return self._shown(self._page({}, "place"))

    @expose("/", methods=["POST"])
    def step(self) -> Any:
        """Show the step that is asked for, or an earlier one that is not right yet."""
        given, step = _given(), request.form.get("step", "")[:20]
        try:
            given = _with_sheet(given)
        except SheetRefused as refused:
            page = self._page(given, "place")
            return self._shown(page, "divisions", {"list": str(refused)}), 422
        page = self._page(given, step)
        return self._shown(page), 422 if page.wrong else 200

    @expose("/made", methods=["POST"])
    def package(self) -> Any:
        """Return the rules as a package; while something is wrong with them, what that is."""
        page = self._page(_given(), "check")
        if page.made is None or page.made.stops:
            return self._shown(page), 422
        layer, name = page.made.county.id, page.made.county.name
        data = county_package(site().deployment, actor(), layer, name, page.made.files, site().now())
        told = f"attachment; filename={layer}.zip; filename*=UTF-8''{quote(f'{layer}.zip')}"
        return Response(data, mimetype="application/zip", headers={"Content-Disposition": told})

    def _page(self, given: Mapping[str, Sequence[str]], step: str) -> CountyPage:
        ground = site().readings.studio.ground(member().actor, local_date(site().now()))
        return county_page(ground, given, step, site().examining())

    def _shown(self, page: CountyPage, step: str = "", wrong: Mapping[str, str] | None = None) -> str:
        told = {"page": page, "step": step or page.step, "wrong": wrong or page.wrong}
        told["anew"] = request.args.get("anew") == "yes"
        return str(self.render("studio/new-county.html", title="新建县区", **told))


def _given() -> dict[str, Sequence[str]]:
    form = request.form
    return {name: [told[:_TEXT] for told in form.getlist(name)] for name in form if name not in _NOT_KEPT}


def _with_sheet(given: dict[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return what was typed with the rows of a sheet that was chosen in the place of a list; raises SheetRefused."""
    file = request.files.get("sheet")
    data = file.read(_MOST_BYTES + 1) if file else b""
    if not data:
        return given
    if len(data) > _MOST_BYTES:
        raise SheetRefused("文件太大，请只留区划代码、名称、上级几列。")
    with opened(data, _SHEET) as book:
        rows = [row for piece in book.pieces(book.sheets[0]) for row in piece]
    if len(rows) > _MOST_ROWS:
        raise SheetRefused(f"超过{_MOST_ROWS}行，请只留本辖区的。")
    lines = ("\t".join(" ".join(text(cell).split()) if cell is not None else "" for cell in row) for row in rows)
    return {**given, "list": ["\n".join(lines)[:_TEXT]]}
