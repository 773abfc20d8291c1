"""留痕查询: who did what and when, for the auditor; and whether the record is whole."""

from datetime import timedelta
from typing import Any

from flask import request, url_for

from xunfang.actions.auditing import Verified, noted_head, verify_record
from xunfang.clock import parse
from xunfang.desk.record import KINDS, names_of
from xunfang.errors import Invalid, Refused
from xunfang.store import RecordFilter
from xunfang.web.guard import actor, member, site
from xunfang.web.views.secure import SecureView, expose


class AuditView(SecureView):
    """The record of the jurisdiction, for its auditor."""

    @expose("/")
    def index(self) -> str:
        """Show a page of the record."""
        return self._page(None)

    @expose("/verify", methods=["POST"])
    def verify(self) -> Any:
        """Verify the chain, or its next piece, and show what was found."""
        after, typed = request.form.get("after", "")[:11], request.form.get("noted", "").strip()[:100]
        reached = int(after) if after.isascii() and after.isdigit() else 0
        try:
            noted = noted_head(typed) if typed else None
        except Refused as refusal:
            return self._page(None, typed, f"没有核验：{refusal.message}"), Invalid.status
        return self._page(verify_record(site().deployment, actor(), reached, site().now(), noted), typed)

    def _page(self, verified: Verified | None, noted: str = "", problem: str = "") -> str:
        asked = _asked()
        wanted = RecordFilter(
            names_of(asked["kind"]), asked["who"], _midnight(asked["since"]), _midnight(asked["until"], days=1)
        )
        lines, after = site().readings.record(member().actor, wanted, request.args.get("after", "")[:100])
        kept: dict[str, Any] = {name: text for name, text in asked.items() if text}
        words = {
            "lines": lines,
            "asked": asked,
            "filtered": bool(kept),
            "kinds": [(id, label) for id, (label, _) in KINDS.items()],
            "next_page": url_for("audit.index", after=after, **kept) if after else "",
            "verified": verified,
            "noted": noted,
            "problem": problem,
            "command": "xunfang verify --demo" if site().demo else "xunfang verify",
        }
        return str(self.render("pages/audit.html", **words))


def _asked() -> dict[str, str]:
    """Return the filter that an address names; what it names wrongly is no filter."""
    args = request.args
    days = {name: args.get(name, "")[:10] for name in ("since", "until")}
    return {
        "kind": args.get("kind", "") if args.get("kind") in KINDS else "",
        "who": args.get("who", "").strip()[:50],
        **{name: text if _midnight(text) else "" for name, text in days.items()},
    }


def _midnight(text: str, days: int = 0) -> Any:
    """Return the moment a day begins in Chinese time, or so many days later; None when the text names no day."""
    try:
        return parse(text) + timedelta(days=days) if len(text) == 10 else None
    except (ValueError, OverflowError):
        return None
