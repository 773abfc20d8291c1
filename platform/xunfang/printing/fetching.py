"""What the renderer may fetch: pictures the facts carry as data, the logos put in, and nothing else, from nowhere."""

import base64
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher  # type: ignore[import-untyped]

PICTURES = {"data:image/png;base64,": b"\x89PNG\r\n\x1a\n", "data:image/jpeg;base64,": b"\xff\xd8\xff"}
"""How the address of a picture begins, and how the picture itself must: another kind under this name is refused."""


class NothingOutside(URLFetcher):  # type: ignore[misc]
    """A fetcher that reads no file and opens no connection; an attempt ends the printing.

    `own` are the addresses of the logos that the press itself put in, having looked at each.
    """

    def __init__(self, own: frozenset[str] = frozenset()) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
        self._own = own

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """Return the bytes of a picture given as data. Raises FatalURLFetchingError for any other address."""
        if url in self._own:
            return super().fetch(url, headers)
        head = next((head for head in PICTURES if url.startswith(head)), "")
        if not head or not base64.b64decode(url[len(head) :][:16]).startswith(PICTURES[head]):
            raise FatalURLFetchingError(url[:80])
        return super().fetch(url, headers)
