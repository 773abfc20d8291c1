"""What the renderer may fetch: pictures the facts carry as data, and nothing else, from nowhere."""

from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher  # type: ignore[import-untyped]

PICTURES = ("data:image/png;base64,", "data:image/jpeg;base64,")


class NothingOutside(URLFetcher):  # type: ignore[misc]
    """A fetcher that reads no file and opens no connection; an attempt ends the printing."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """Return the bytes of a picture given as data. Raises FatalURLFetchingError for any other address."""
        if not url.startswith(PICTURES):
            raise FatalURLFetchingError(url[:80])
        return super().fetch(url, headers)
