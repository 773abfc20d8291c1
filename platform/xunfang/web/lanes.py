"""Which kind of work a request is: each kind has threads and a queue of its own and keeps no other waiting."""

ALIVE, PAGES, ENTERING, PHOTOS = "alive", "pages", "entering", "photos"


def lane_of(method: str, path: str) -> str:
    """Return the lane of a request: a sign of life, a password to be hashed, a photo to be decoded, or a page."""
    if path == "/alive":
        return ALIVE
    if method == "POST" and path.startswith(("/login", "/password")):
        return ENTERING
    return PHOTOS if method == "POST" and path.startswith("/photos") else PAGES
