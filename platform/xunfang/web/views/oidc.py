"""Signing in by an issuer of identities 统一身份认证: there, back, and into the account bound to whom it names."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, redirect, request, url_for

from xunfang.actions.identities import enter_by_identity
from xunfang.actions.signing_in import CodeWanted
from xunfang.errors import NotSignedIn, Refused
from xunfang.oidc import Departure, Provider
from xunfang.store import Place, SealBroken
from xunfang.web.cookies import DEPARTURE_SECONDS, departure, give_departure, session_token, take_departure
from xunfang.web.guard import site
from xunfang.web.sender import place
from xunfang.web.views.sign_in import entered, entry_page, safe_next, second_step

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

oidc = Blueprint("oidc", __name__, url_prefix="/login/oidc")
_PLACE = Place("cookie", "departure", "")


@oidc.get("/")
def go() -> "BaseResponse":
    """Send the browser to the issuer, with what must come back; say so where the issuer is away."""
    leaving = Departure.new()
    try:
        answer = redirect(provider().address(leaving, _back()))
    except Refused as refusal:
        return entry_page(refusal.message, status=refusal.status)
    told = asdict(leaving) | {"next": safe_next(request.args.get("next", "")), "at": int(site().now().timestamp())}
    sealed = site().deployment.keys.seal_values(told, _PLACE)
    give_departure(answer, urlsafe_b64encode(sealed).decode(), site().https)
    return answer


@oidc.get("/back")
def back() -> "BaseResponse":
    """Take whoever comes back from the issuer in, or say why not; what they were sent with is good for once."""
    provider()
    try:
        answer = _taken_in(site().now())
    except Refused as refusal:
        answer = entry_page(refusal.message, status=refusal.status)
    take_departure(answer, site().https)
    return answer


def _taken_in(at: datetime) -> "BaseResponse":
    told, next_ = _sent_with(at)
    if "error" in request.args or not request.args.get("code"):
        raise NotSignedIn(f"{provider().issuer.label}没有让您登录，或者您取消了登录。", "ISSUER_REFUSED")
    name = provider().account(request.args["code"][:2000], told, _back(), at)
    before = session_token(request.cookies, site().https)
    try:
        token = enter_by_identity(site().deployment, provider().issuer.issuer, name, at, before, place(site()))
    except CodeWanted as wanted:
        return second_step(wanted.ticket, there=next_)
    return entered(token, next_)


def _sent_with(at: datetime) -> tuple[Departure, str]:
    """Return what this browser was sent away with, and where it wants to go; raises NotSignedIn."""
    try:
        sealed = urlsafe_b64decode(departure(request.cookies, site().https))
        told: dict[str, Any] = site().deployment.keys.open_values(sealed, _PLACE)
    except (SealBroken, ValueError):
        told = {}
    fresh = told and 0 <= at.timestamp() - told["at"] < DEPARTURE_SECONDS
    if not fresh or request.args.get("state", "") != told["state"]:
        raise NotSignedIn("这次登录不是从本页发起的，或者已经过期，请重新点击登录。", "STATE_OTHER")
    return Departure(told["state"], told["nonce"], told["verifier"]), str(told["next"])


def provider() -> Provider:
    """Return the issuer whose accounts sign in here; there is no such page where there is none."""
    found = site().provider
    if found is None:
        abort(404)
    return found


def _back() -> str:
    return f"{site().address}{url_for('oidc.back')}"
