"""What counties publish on their website 网站公示, for everybody: masked, for its time only, never to be indexed."""

from collections import OrderedDict
from datetime import datetime, timedelta

from flask import Blueprint, Response, make_response, render_template, request

from xunfang.errors import TooOften
from xunfang.locks import Lock
from xunfang.web.guard import site
from xunfang.web.sender import address

public_notices = Blueprint("public-notices", __name__, url_prefix="/notices-public")
_KEY = 64
MOST, SPAN = 120, timedelta(minutes=1)
"""So many pages one address reads in so long; whoever reads more is copying the board."""
_KNOWN = 10_000


class Readers:
    """How often each address has read within the running minute; of many addresses, the last are remembered."""

    def __init__(self) -> None:
        self._lock, self._seen = Lock(), OrderedDict[str, tuple[datetime, int]]()

    def count(self, who: str, now: datetime) -> None:
        """Count one more; raises TooOften beyond MOST in SPAN."""
        with self._lock:
            since, count = self._seen.pop(who, (now, 0))
            since, count = (now, 0) if now - since >= SPAN else (since, count)
            self._seen[who] = (since, count + 1)
            if len(self._seen) > _KNOWN:
                self._seen.popitem(last=False)
        if count >= MOST:
            raise TooOften("查看过于频繁，请一分钟以后再看。", "OVER_LIMIT")


_readers = Readers()


@public_notices.get("/<jurisdiction>/")
def board(jurisdiction: str) -> Response:
    """List what a jurisdiction publishes now."""
    _readers.count(address(site()), site().now())
    after = request.args.get("after", "")[:100]
    rows, after = site().readings.publications.public(jurisdiction[:_KEY], site().now(), after)
    return _page("pages/public-notices.html", 200, rows=rows, after=after, of=jurisdiction)


@public_notices.get("/<jurisdiction>/<publication_id>")
def one(jurisdiction: str, publication_id: str) -> Response:
    """Show one publication; once it came down, that it did."""
    _readers.count(address(site()), site().now())
    found = site().readings.publications.public_one(jurisdiction[:_KEY], publication_id[:_KEY], site().now())
    if found is None:
        return _page("pages/public-gone.html", 410, of=jurisdiction)
    return _page("pages/public-notices.html", 200, rows=[found], after="", of=jurisdiction)


@public_notices.get("/<jurisdiction>/helped/")
def helped(jurisdiction: str) -> Response:
    """List where it is told who is helped now."""
    _readers.count(address(site()), site().now())
    lists, after = site().readings.publications.public_lists(jurisdiction[:_KEY], request.args.get("after", "")[:100])
    return _page("pages/public-helped.html", 200, lists=lists, page=None, after=after, of=jurisdiction)


@public_notices.get("/<jurisdiction>/helped/<helped_id>")
def helped_one(jurisdiction: str, helped_id: str) -> Response:
    """Show who is helped now in one place; once another list took its place, that it did."""
    _readers.count(address(site()), site().now())
    found = site().readings.publications.public_list(jurisdiction[:_KEY], helped_id[:_KEY])
    if found is None:
        return _page("pages/public-gone.html", 410, of=jurisdiction)
    return _page("pages/public-helped.html", 200, lists=(), page=found, after="", of=jurisdiction)


def _page(template: str, status: int, of: str, **words: object) -> Response:
    """Return a page of a jurisdiction that no search engine keeps, and that says whose it is."""
    info = site().rulebook(of).info
    whose = {"of": of, "brand": info.brand or info.name, "place": info.name, "title": f"{info.name}公示"}
    page = render_template(template, layout="plain.html", noindex=True, **whose, **words)
    response = make_response(page, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
