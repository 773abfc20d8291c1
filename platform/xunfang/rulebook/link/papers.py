"""Names in duties, feeds, meetings and notices."""

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.link.facts import check_condition
from xunfang.rulebook.link.patterns import check_number, check_soft
from xunfang.rulebook.model import Duty, Feed, Meeting, NoticeKind
from xunfang.worktime import parse_limit


def link(draft: Draft) -> None:
    """Check the names of everything that recurs, meets or prints."""
    for duty in draft.duties.values():
        _link_duty(draft, duty)
    for feed in draft.feeds.values():
        _link_feed(draft, feed)
    for meeting in draft.meetings.values():
        _link_meeting(draft, meeting)
    for notice in draft.notices.values():
        _link_notice(draft, notice)


def _check_signer(draft: Draft, notice: NoticeKind) -> None:
    role = draft.roles.get(notice.signed_off_by)
    if role and "sign-off" not in role.may:
        message = f"角色“{role.label}”没有签批权限（sign-off），不能签发文书"
        draft.error(
            "notices",
            (notice.id, "signed_off_by"),
            "ROLE_MAY_NOT",
            message,
            "请换一个角色，或在 roles.toml 中给它 sign-off",
        )


def _check_times(draft: Draft, duty: Duty) -> None:
    _check_anchor_of(draft, duty)
    texts = {"limit": duty.limit, "due": f"by {duty.due}" if duty.due else ""}
    for key, text in texts.items():
        if text and not _reads(text):
            hint = '写作 "day 5"、"Monday"、"month end" 或 "12-31"' if key == "due" else '如 "3 workdays"、"24 hours"'
            shown = text.removeprefix("by ") if key == "due" else text
            draft.error("duties", (duty.id, key), "LIMIT_UNREADABLE", f"时限“{shown}”无法识别", hint)
    if duty.limit:
        check_soft(draft, "duties", (duty.id, "limit"), duty.limit)


def _reads(text: str) -> bool:
    try:
        parse_limit(text)
    except ValueError:
        return False
    return True


def _check_anchor_of(draft: Draft, duty: Duty) -> None:
    """A duty that runs from an answer needs a day or moment of that name in its own form, or in its feed's."""
    form = draft.forms.get(duty.form or getattr(draft.feeds.get(duty.feed), "row_form", ""))
    if form and duty.from_.startswith("answers."):
        days = {f"answers.{name}" for name, field in form.fields.items() if field.kind in {"moment", "date"}}
        if duty.from_ not in days:
            message = f"表单“{form.title}”中没有日期字段“{duty.from_.removeprefix('answers.')}”"
            draft.error("duties", (duty.id, "from"), "ANCHOR_UNKNOWN", message, did_you_mean(duty.from_, days))


def _link_duty(draft: Draft, duty: Duty) -> None:
    names = [
        ("of", duty.of, "units"),
        ("to", duty.to, "units"),
        ("form", duty.form, "forms"),
        ("feed", duty.feed, "feeds"),
        ("collects", duty.collects, "duties"),
        ("prefill", duty.prefill, "ledgers"),
        ("satisfied_by", duty.satisfied_by, "forms"),
    ]
    for key, word, kind in names:
        draft.check_name("duties", (duty.id, key), word, kind)
    check_condition(draft, "duties", (duty.id, "for"), duty.for_)
    draft.check_basis("duties", (duty.id,), duty.basis)
    _check_times(draft, duty)
    if not (duty.every or duty.on or duty.collects):
        hint = '补上 every = "month"，或 on = "event"'
        draft.error("duties", (duty.id,), "DUTY_NEVER", "没有写明何时发生", hint)


def _link_feed(draft: Draft, feed: Feed) -> None:
    path = (feed.id,)
    draft.check_name("feeds", (*path, "row_form"), feed.row_form, "forms")
    draft.check_name("feeds", (*path, "opens"), feed.opens, "forms")
    form = draft.forms.get(feed.row_form)
    fields = form.fields if form else {}
    for column in [*feed.columns, feed.match]:
        if form and column and column not in fields:
            hint = did_you_mean(column, fields)
            draft.error("feeds", (*path, "columns", column), "NAME_UNKNOWN", f"行表单中没有字段“{column}”", hint)
    check_condition(draft, "feeds", (*path, "keep_when"), feed.keep_when, form)
    check_condition(draft, "feeds", (*path, "unless"), feed.unless)
    draft.check_basis("feeds", path, feed.basis)


def _link_meeting(draft: Draft, meeting: Meeting) -> None:
    draft.check_name("meetings", (meeting.id, "convenes"), meeting.convenes, "units")
    for member in meeting.members:
        draft.check_name("meetings", (meeting.id, "members"), member, "units")
    draft.check_name("meetings", (meeting.id, "minutes"), meeting.minutes, "notices")
    for decision in set(meeting.labels) - set(meeting.decides):
        message, hint = f"decides 中没有“{decision}”", did_you_mean(decision, meeting.decides)
        draft.error("meetings", (meeting.id, "labels", decision), "NAME_UNKNOWN", message, hint)
    draft.check_basis("meetings", (meeting.id,), meeting.basis)


def _link_notice(draft: Draft, notice: NoticeKind) -> None:
    path = (notice.id,)
    draft.check_name("notices", (*path, "signed_off_by"), notice.signed_off_by, "roles")
    draft.check_name("notices", (*path, "seal"), notice.seal, "units")
    draft.check_basis("notices", path, notice.basis)
    check_number(draft, "notices", (*path, "number"), notice.number, ("unit",))
    _check_signer(draft, notice)
    if notice.template not in draft.templates and draft.info.serves:
        own = [name for name in draft.templates if "/" not in name]
        hint = did_you_mean(notice.template, own) or f"请在 templates/ 的本级文件夹中放入 {notice.template}"
        draft.error("notices", (*path, "template"), "TEMPLATE_MISSING", f"没有文书模板 {notice.template}", hint)
