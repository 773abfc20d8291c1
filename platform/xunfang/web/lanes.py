"""Which kind of work a request is: each kind has threads and a queue of its own and keeps no other waiting."""

ALIVE, WATCHING, PAGES, ENTERING, PHOTOS = "alive", "watching", "pages", "entering", "photos"
VOUCHING = "vouching"
"""Waits for an issuer of identities, which may not answer: whoever types a password does not wait behind it."""
STUDIO = "studio"
"""Waits for drafts of rules to be examined, which may take long: nobody who works by rules waits behind it."""


def lane_of(method: str, path: str) -> str:
    """Return the lane of a request: of monitors, of whoever enters (which takes time), of photos, drafts, or pages."""
    if path == "/healthz":
        return ALIVE
    if path in ("/readyz", "/metrics"):
        return WATCHING
    if path.startswith("/login/oidc"):
        return VOUCHING
    if method == "POST" and path.startswith(("/login", "/password")):
        return ENTERING
    if path.startswith("/studio/"):
        return STUDIO
    return PHOTOS if method == "POST" and path.startswith("/photos") else PAGES
