"""Which kind of work a request is: each kind has threads and a queue of its own and keeps no other waiting."""

ALIVE, WATCHING, PAGES, ENTERING, PHOTOS = "alive", "watching", "pages", "entering", "photos"


def lane_of(method: str, path: str) -> str:
    """Return the lane of a request: of monitors, of whoever enters (which takes time), of photos, or of pages."""
    if path == "/healthz":
        return ALIVE
    if path in ("/readyz", "/metrics"):
        return WATCHING
    if (method == "POST" and path.startswith(("/login", "/password"))) or path.startswith("/login/oidc"):
        return ENTERING
    return PHOTOS if method == "POST" and path.startswith("/photos") else PAGES
