"""台账: which there are, and each with its lines, narrowed as somebody wants it."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Response, redirect, request, url_for

from xunfang.actions.exporting import check_export, note_export
from xunfang.actions.long_exports import SHEET, WRITING, ask_export, open_export
from xunfang.actions.printing_ledgers import LEDGER, ask_print
from xunfang.actions.printouts import PRINTED, open_printout, printouts_of
from xunfang.clock import local
from xunfang.desk.circulating import MOST_LINES, MOST_OF_ALL, TooLong, circulated, file_name, paper_of
from xunfang.desk.faces.ledgers import LedgerAsked
from xunfang.desk.ledger_order import MOST_SORTED
from xunfang.desk.ledgers import LedgerDesk, narrowing
from xunfang.sheets.writing import Book, SheetColumn, write_book
from xunfang.web.guard import actor, member, site
from xunfang.web.headers import PAPER_POLICY
from xunfang.web.sought import sealed, sought
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.versions import reason_given


def ledger_desk() -> LedgerDesk:
    """Return where ledgers are read."""
    return LedgerDesk(site().deployment)


class LedgersView(SecureView):
    """Ledgers of the person's county, with what of them is in sight."""

    @expose("/")
    def index(self) -> str:
        """List the ledgers."""
        printed = printouts_of(site().deployment, member().actor, LEDGER)
        words = {"groups": ledger_desk().ledgers(member().actor), "printed": printed}
        words |= {"sheet": SHEET, "writing": WRITING, "at_work": any(each.media_type == WRITING for each in printed)}
        return str(self.render("pages/ledgers.html", **words))

    @expose("/<ledger_id>")
    def show(self, ledger_id: str) -> str:
        """Show a page of a ledger."""
        asked, after = (
            asked_for(request.args, sought(request.args.get("find", "")[:500])),
            request.args.get("after", ""),
        )
        page = ledger_desk().page(member().actor, ledger_id, asked, site().now(), after[:200])
        kept = address_of(page.asked)
        return str(self.render("pages/ledger.html", title=page.row.label, page=page, kept=kept, after=after, **_MOST))

    @expose("/<ledger_id>", methods=["POST"])
    def find(self, ledger_id: str) -> Any:
        """Narrow a ledger: the address this leads to tells neither a name nor a number."""
        ledger_desk().ledger(member().actor, ledger_id)
        asked = asked_for(request.form, request.form.get("q", "").strip()[:50])
        return redirect(url_for("ledgers.show", ledger_id=ledger_id, **address_of(asked)), 303)

    @expose("/<ledger_id>/export", methods=["POST"])
    def export(self, ledger_id: str) -> Any:
        """Return all lines of a ledger as a workbook, once it is on record who takes it along, and what for.

        One that is too long for that is written by the worker.
        """
        whole, reason, at = request.form.get("whole") == "1", reason_given(), site().now()
        check_export(actor(), reason, whole=whole)
        asked = asked_for(request.form, sought(request.form.get("find", "")[:500]))
        try:
            found = circulated(ledger_desk(), member().actor, ledger_id, asked, at, reason, whole=whole)
        except TooLong:
            return self._long(ledger_id, asked, reason, whole=whole)
        columns = tuple(SheetColumn(*head) for head in found.heads)
        book = Book(found.title, found.above, columns, found.notes, found.unit, local(at))
        data = write_book(book, found.rows)
        told = {
            "ledger": ledger_id,
            "kind": "xlsx",
            "count": len(found.rows),
            "sha256": hashlib.sha256(data).hexdigest(),
            "digest": found.digest,
            "asked": "；".join(found.told),
        }
        note_export(site().deployment, actor(), told, reason, at, whole=whole)
        name = quote(file_name(found, at, "xlsx"))
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(data, mimetype=_XLSX, headers=headers)

    def _long(self, ledger_id: str, asked: LedgerAsked, reason: str, *, whole: bool) -> Any:
        """Let the worker write a ledger; the sheet lies with whoever asked for it."""
        ledger, at = ledger_desk().ledger(member().actor, ledger_id), site().now()
        asked = narrowing(ledger, asked)
        days = {name: day.isoformat() for name in ("first", "last", "on") if (day := getattr(asked, name))}
        what = {"place": asked.place, "stands": asked.stands, "find": asked.find, "sort": asked.sort, **days}
        title, told = f"{ledger.label}{local(at):%Y%m%d}", {"ledger": ledger_id, "asked": what}
        ask_export(site().deployment, actor(), title, told, reason, at, whole=whole)
        return redirect(url_for("ledgers.index", done="export-long", _anchor="printed"), 303)

    @expose("/exported/<exported_id>.xlsx", methods=["POST"])
    def take(self, exported_id: str) -> Response:
        """Return a sheet of the person's own that the worker wrote, once it is on record that they take it along."""
        name, data = open_export(site().deployment, actor(), exported_id, site().now())
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.xlsx"}
        return Response(data, mimetype=_XLSX, headers={**headers, "Cache-Control": "no-store"})

    @expose("/<ledger_id>/print", methods=["POST"])
    def print(self, ledger_id: str) -> Any:
        """Let the worker print a ledger as it is narrowed, masked; the paper lies with whoever asked for it."""
        at, asked = site().now(), asked_for(request.form, sought(request.form.get("find", "")[:500]))
        found = circulated(ledger_desk(), member().actor, ledger_id, asked, at, whole=False)
        told = {"ledger": ledger_id, "kind": "pdf", "count": len(found.rows), "digest": found.digest}
        paper = paper_of(found, member().actor.name)
        ask_print(site().deployment, actor(), paper, {**told, "asked": "；".join(found.told)}, at)
        return redirect(url_for("ledgers.index", done="printout", _anchor="printed"), 303)

    @expose("/printed/<printed_id>.pdf")
    def open(self, printed_id: str) -> Response:
        """Return a printed ledger of the person's own, byte for byte."""
        pdf = open_printout(site().deployment, actor(), LEDGER, printed_id)
        headers = {
            "Content-Disposition": f'inline; filename="ledger-{printed_id[:12]}.pdf"',
            "Content-Security-Policy": PAPER_POLICY,
        }
        return Response(pdf, mimetype=PRINTED, headers=headers)


_MOST = {"most": MOST_LINES, "most_of_all": MOST_OF_ALL, "most_sorted": MOST_SORTED}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def asked_for(given: Mapping[str, str], find: str) -> LedgerAsked:
    """Return what an address or a form asks for; what is no day, no place and no standing asks for nothing."""
    place, stands = given.get("place", ""), given.get("stands", "")
    return LedgerAsked(
        place=place if place.isdigit() and len(place) <= 12 else "",
        first=_day(given.get("first", "")),
        last=_day(given.get("last", "")),
        on=_day(given.get("on", "")),
        stands=stands if stands in ("open", "ended", "all") else "",
        find=find,
        sort=given.get("sort", "")[:100],
    )


def _day(text: str) -> date | None:
    """Return the day that a text names; None for none, and for the last there is: no moment comes after it."""
    try:
        day = date.fromisoformat(text[:10]) if text else None
        return day if day and day < date.max else None
    except ValueError:
        return None


def address_of(asked: LedgerAsked) -> dict[str, Any]:
    """Return the same as an address keeps it."""
    days = {name: getattr(asked, name) for name in ("first", "last", "on")}
    told = {"place": asked.place, "stands": asked.stands, "find": sealed(asked.find), "sort": asked.sort}
    return {name: value for name, value in told.items() if value} | {
        name: day.isoformat() for name, day in days.items() if day
    }
