"""台账: which there are, and each with its lines, narrowed as somebody wants it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import redirect, request, url_for

from xunfang.desk.faces.ledgers import LedgerAsked
from xunfang.desk.ledgers import LedgerDesk
from xunfang.web.guard import member, site
from xunfang.web.sought import sealed, sought
from xunfang.web.views.secure import SecureView, expose


def ledger_desk() -> LedgerDesk:
    """Return where ledgers are read."""
    return LedgerDesk(site().deployment)


class LedgersView(SecureView):
    """Ledgers of the person's county, with what of them is in sight."""

    @expose("/")
    def index(self) -> str:
        """List the ledgers."""
        return str(self.render("pages/ledgers.html", groups=ledger_desk().ledgers(member().actor)))

    @expose("/<ledger_id>")
    def show(self, ledger_id: str) -> str:
        """Show a page of a ledger."""
        asked, after = (
            asked_for(request.args, sought(request.args.get("find", "")[:500])),
            request.args.get("after", ""),
        )
        page = ledger_desk().page(member().actor, ledger_id, asked, site().now(), after[:200])
        kept = address_of(asked)
        return str(self.render("pages/ledger.html", title=page.row.label, page=page, kept=kept, after=after))

    @expose("/<ledger_id>", methods=["POST"])
    def find(self, ledger_id: str) -> Any:
        """Narrow a ledger: the address this leads to tells neither a name nor a number."""
        ledger_desk().ledger(member().actor, ledger_id)
        asked = asked_for(request.form, request.form.get("q", "").strip()[:50])
        return redirect(url_for("ledgers.show", ledger_id=ledger_id, **address_of(asked)), 303)


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
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def address_of(asked: LedgerAsked) -> dict[str, Any]:
    """Return the same as an address keeps it."""
    days = {name: getattr(asked, name) for name in ("first", "last", "on")}
    told = {"place": asked.place, "stands": asked.stands, "find": sealed(asked.find)}
    return {name: value for name, value in told.items() if value} | {
        name: day.isoformat() for name, day in days.items() if day
    }
