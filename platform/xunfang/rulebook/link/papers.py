"""Names in duties, feeds, meetings, notices, ledgers and indicators."""

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.link.facts import check_condition
from xunfang.rulebook.model import Duty, Feed, Meeting, NoticeKind


def link(draft: Draft) -> None:
    """Check the names of everything that recurs, meets, prints or counts."""
    for duty in draft.duties.values():
        _link_duty(draft, duty)
    for feed in draft.feeds.values():
        _link_feed(draft, feed)
    for meeting in draft.meetings.values():
        _link_meeting(draft, meeting)
    for notice in draft.notices.values():
        _link_notice(draft, notice)
    for indicator in draft.indicators.values():
        draft.check_basis("indicators", (indicator.id,), indicator.basis)


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
    draft.check_basis("meetings", (meeting.id,), meeting.basis)


def _link_notice(draft: Draft, notice: NoticeKind) -> None:
    path = (notice.id,)
    draft.check_name("notices", (*path, "signed_off_by"), notice.signed_off_by, "roles")
    draft.check_name("notices", (*path, "seal"), notice.seal, "units")
    draft.check_basis("notices", path, notice.basis)
    if notice.number and "{n}" not in notice.number:
        draft.error(
            "notices", (*path, "number"), "NUMBER_PATTERN", "文号中缺少序号 {n}", '如 "博社救转〔{year}〕{n}号"'
        )
    if notice.template not in draft.templates and draft.info.serves:
        hint = did_you_mean(notice.template, draft.templates) or f"请在 templates/ 的本级文件夹中放入 {notice.template}"
        draft.error("notices", path, "TEMPLATE_MISSING", f"没有文书模板 {notice.template}", hint)
