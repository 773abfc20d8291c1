"""指标: what each came to, for whom, every thing behind a number, and the ranking of a year."""

from datetime import date
from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.figures import count_again
from xunfang.actions.printing_ledgers import ask_print
from xunfang.clock import local_date
from xunfang.desk.bulletin import paper_of_bulletin
from xunfang.web.guard import actor, member, member_or_none, site
from xunfang.web.views.secure import SecureView, expose

_SHOWN = {"part": True, "rest": False}
_LENGTH = 80
_MONTH = len("2026-03")
_EARLIEST = date(2000, 1, 1)
"""Of months before it nobody has figures, and the first there are have none before them."""


class IndicatorsView(SecureView):
    """What is counted, for whoever is counted and whoever looks over them."""

    def is_visible(self) -> bool:
        """Return whether the person's jurisdiction counts anything."""
        person = member_or_none()
        return person is not None and bool(site().rulebook(person.jurisdiction).indicators)

    @expose("/")
    def index(self) -> str:
        """Show every indicator for the periods of a month, with those before it."""
        day = _day()
        rows = site().readings.counting.dashboard(member().actor, day)
        counted = max((row.counted_at for row in rows if row.counted_at), default=None)
        months = _months(local_date(site().now()))
        words = {"rows": rows, "month": f"{day:%Y-%m}", "months": months, "counted": counted}
        return str(self.render("pages/indicators.html", may_count=member().may("supervise"), **words))

    @expose("/count", methods=["POST"])
    def count(self) -> Any:
        """Let the figures of a month be counted anew."""
        day = _day(request.form.get("month", ""))
        count_again(site().deployment, actor(), day, site().now())
        return redirect(url_for("indicators.index", month=f"{day:%Y-%m}", done="count"), 303)

    @expose("/scores")
    def scores(self) -> str:
        """Show the ranking of a year."""
        this = local_date(site().now()).year
        text = request.args.get("year", "")
        year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this
        tables = site().readings.counting.scores(member().actor, year)
        return str(self.render("pages/scores.html", tables=tables, year=year, years=range(this, this - 5, -1)))

    @expose("/bulletin")
    def bulletin(self) -> str:
        """Show what the bulletin of a month says: every number opens what it rests on."""
        day, now = _day(), site().now()
        told = site().readings.bulletins.bulletin(member().actor, day, now)
        words = {"told": told, "month": f"{day:%Y-%m}", "months": _months(local_date(now))}
        words["may_draft"] = site().readings.circulars.may_draft(member().actor)
        return str(self.render("pages/bulletin.html", title=told.title, **words))

    @expose("/bulletin", methods=["POST"])
    def print(self) -> Any:
        """Let the worker print the bulletin of a month; the paper lies with whoever asked for it."""
        day, now = _day(request.form.get("month", "")), site().now()
        told = site().readings.bulletins.bulletin(member().actor, day, now)
        paper = paper_of_bulletin(told, member().actor.name)
        noted = {"title": paper["ledger"]["title"], "kind": "pdf", "count": len(told.rows)}
        ask_print(site().deployment, actor(), paper, noted, now)
        return redirect(url_for("ledgers.index", done="printout", _anchor="printed"), 303)

    @expose("/of/<indicator>")
    def show(self, indicator: str) -> str:
        """Show one indicator by owner."""
        day, today = _day(), local_date(site().now())
        face = site().readings.counting.indicator(member().actor, indicator[:_LENGTH], day, today)
        return str(self.render("pages/indicator.html", title=face.row.label, face=face, month=f"{day:%Y-%m}"))

    @expose("/of/<indicator>/things")
    def things(self, indicator: str) -> str:
        """Show every thing behind a number."""
        day, now = _day(), site().now()
        owner, show = request.args.get("owner", "")[:_LENGTH], request.args.get("show", "")
        after, readings = request.args.get("after", "")[:_LENGTH], site().readings.counting
        rows, more = readings.things(member().actor, indicator[:_LENGTH], day, owner, _SHOWN.get(show), after, now)
        face = readings.indicator(member().actor, indicator[:_LENGTH], day, local_date(now))
        label = next((each.label for each in face.owners if each.owner == owner), "全部")
        words = {"face": face, "rows": rows, "owner": owner, "label": label, "show": show, "after": more}
        return str(self.render("pages/things.html", title=face.row.label, month=f"{day:%Y-%m}", **words))


def _day(text: str = "") -> date:
    """Return the first day of the month that was asked for, today where none was, or none that anything is known of."""
    text = (text or request.args.get("month", ""))[:_MONTH]
    today = local_date(site().now())
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today
    is_other = (first.year, first.month) != (today.year, today.month)
    return first if is_other and _EARLIEST <= first <= today else today


def _months(today: date) -> list[tuple[str, str]]:
    """Return the months to choose from, newest first, each with its words."""
    found = []
    year, month = today.year, today.month
    for _ in range(12):
        found.append((f"{year}-{month:02}", f"{year}年{month}月"))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found
