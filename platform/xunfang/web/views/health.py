"""A sign of life for whatever watches the server."""

from flask import Blueprint

health = Blueprint("health", __name__)


@health.get("/alive")
def alive() -> tuple[str, dict[str, str]]:
    """Answer that the web server runs; says nothing else."""
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}
