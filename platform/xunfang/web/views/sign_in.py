"""Signing in and out, without losing a form that outlived its session."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from xunfang.actions.signing_in import ISSUER, CodeWanted, sign_in_with_code, sign_out
from xunfang.actions.signing_in import sign_in as start_session
from xunfang.errors import Refused
from xunfang.web.again import carried
from xunfang.web.cookies import give_presign, give_session, new_token, presign_token, session_token, take_session
from xunfang.web.guard import actor, may_open, member_or_none, show_again, shows_again, site, visit
from xunfang.web.sender import place, remember_device
from xunfang.web.visits import holder, running_visit

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

sign_in = Blueprint("sign-in", __name__)


@sign_in.get("/login")
def page() -> "Response":
    """Show the sign-in page, or go on when somebody is signed in already."""
    if g.visit is not None:
        return cast("Response", redirect(safe_next(request.args.get("next", ""))))
    return entry_page()


@sign_in.post("/login")
def enter() -> "BaseResponse":
    """Sign in; a wrong password shows the page again."""
    login, password = request.form.get("login", "").strip()[:64], request.form.get("password", "")[:128]
    try:
        token = start_session(site().deployment, login, password, site().now(), _before(), place(site()))
    except CodeWanted as wanted:
        return second_step(wanted.ticket)
    except Refused as refusal:
        return entry_page(refusal.message, login, carried=_carried(), status=refusal.status)
    return entered(token)


@sign_in.post("/login/code")
def prove() -> "BaseResponse":
    """Sign in with the code of a second factor; a wrong one asks for another."""
    ticket, code = request.form.get("entry_ticket", "")[:600], request.form.get("entry_code", "")[:64]
    try:
        token = sign_in_with_code(site().deployment, ticket, code, site().now(), _before(), place(site()))
    except Refused as refusal:
        if refusal.code == "TICKET_OVER":
            return entry_page(refusal.message, carried=_carried(), status=refusal.status)
        return second_step(ticket, refusal.message, refusal.status)
    return entered(token)


def _before() -> str:
    return session_token(request.cookies, site().https)


def entered(token: str, there: str = "") -> "BaseResponse":
    """Return the answer to whoever has signed in, with the session, and the mark of the browser where that is known."""
    response = _go_on(token, there)
    give_session(response, token, site().https)
    if member_or_none() is not None:
        remember_device(response, site(), actor().account)
    return response


@sign_in.post("/logout")
def leave() -> "Response":
    """End the session on the server and in the browser."""
    sign_out(site().deployment, actor(), visit().token, site().now())
    by_issuer = visit().by == ISSUER and site().provider is not None
    g.visit = None
    response = leaving_page() if by_issuer else cast("Response", redirect(url_for("sign-in.page")))
    take_session(response, site().https)
    return response


def leaving_page() -> "Response":
    """Return what is shown to whoever came by an issuer and signs out: they are still signed in there."""
    provider = site().provider
    assert provider is not None
    try:
        there = provider.leaving(f"{site().address}{url_for('sign-in.page')}")
    except Refused:
        there = ""
    return entry_page(left=provider.issuer.label, leave=there)


@sign_in.post("/stay")
def stay() -> tuple[str, int]:
    """Take the word of a page that its person is typing: looking up the session has noted its use already."""
    return "", 204


def entry_page(
    problem: str = "",
    login: str = "",
    carried: Iterable[tuple[str, str]] = (),
    status: int = 200,
    left: str = "",
    leave: str = "",
) -> "Response":
    """Return the sign-in page with a token of its own; `carried` are the fields of a form waiting behind it.

    `left` names the issuer of identities where somebody is still signed in, `leave` is where that ends.
    """
    token = presign_token(request.cookies, site().https) or new_token()
    there, provider = request.form.get("next") or request.args.get("next", ""), site().provider
    page = render_template(
        "pages/sign-in.html",
        title="登录",
        csrf=token,
        next=safe_next(there),
        problem=problem,
        login=login,
        carried=list(carried),
        issuer=provider.issuer.label if provider else "",
        left=left,
        leave=leave,
    )
    response = make_response(page, status)
    give_presign(response, token, site().https)
    return response


def second_step(ticket: str, problem: str = "", status: int = 200, there: str = "") -> "Response":
    """Return the page that asks for the code; a form that waits behind the sign-in is carried on."""
    token = presign_token(request.cookies, site().https) or new_token()
    page = render_template(
        "pages/second-step.html",
        title="输入验证码",
        csrf=token,
        next=safe_next(there or request.form.get("next", "")),
        ticket=ticket,
        problem=problem,
        carried=_carried(),
    )
    response = make_response(page, status)
    give_presign(response, token, site().https)
    return response


def safe_next(there: str) -> str:
    """Return an address within this site; anything else becomes the first page."""
    plain = there.startswith("/") and not there.startswith("//") and "\\" not in there and there.isprintable()
    return there if plain else url_for("queue.index")


def _carried() -> list[tuple[str, str]]:
    if "carried_to" not in request.form:
        return []
    return [("carried_to", request.form["carried_to"]), *carried()]


def _go_on(token: str, there: str) -> "BaseResponse":
    """Show the form that waited behind the sign-in to whoever typed it, or go where the person wanted to go."""
    g.visit = running_visit(site().deployment, token, site().now())
    found = _form_behind()
    typed_by = holder(site().deployment, session_token(request.cookies, site().https))
    if found is None or not may_open(found[0]) or typed_by not in ("", actor().account):
        return redirect(safe_next(there or request.form.get("next", "")))
    return show_again(*found)


def _form_behind() -> "tuple[str, dict[str, object]] | None":
    path = request.form.get("carried_to", "")
    try:
        endpoint, arguments = current_app.url_map.bind("").match(path, method="POST")
    except (HTTPException, RequestRedirect):
        return None
    return (endpoint, dict(arguments)) if path and shows_again(endpoint) else None
