"""Duties, feeds and meetings in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.model import Duty, Feed, Meeting, Rulebook
from xunfang.rules.describe.conditions import condition_words, field_of
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import (
    COVERS,
    EVENTS,
    EVERY,
    ON_HOLIDAY,
    due_words,
    each_unit_words,
    limit_words,
    sample_words,
    unit_words,
)

_MATCHES = {"id_number": "身份证号", "name": "姓名"}
_QUORUMS = {"half": "半数以上成员", "all": "全体成员", "two-thirds": "三分之二以上成员"}


def duties(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every duty: who owes what to whom, how often and by when."""
    for duty in rulebook.duties.values():
        yield line(rulebook, duty.id, _duty(rulebook, duty), duty.basis)


def _duty(rulebook: Rulebook, duty: Duty) -> str:
    parts = [f"{each_unit_words(rulebook, duty.of)}{when_words(rulebook, duty)}"]
    parts.append(_what(rulebook, duty))
    parts += _terms(rulebook, duty)
    return "，".join(parts)


def _what(rulebook: Rulebook, duty: Duty) -> str:
    to = each_unit_words(rulebook, duty.to) if duty.to else ""
    if duty.satisfied_by or not to:
        return f"开展“{duty.label}”" + (f"并报{to}" if to else "")
    covers = COVERS.get(duty.covers, "")
    return f"向{to}报送{'' if duty.label.startswith(covers) else covers}“{duty.label}”"


def when_words(rulebook: Rulebook, duty: Duty) -> str:
    """Return how often or after what a duty is owed, and by when."""
    if duty.on:
        start = EVENTS.get(duty.on, "有关情形发生")
        field = (
            field_of(rulebook, duty.from_.removeprefix("answers."), _form_of(rulebook, duty)) if duty.from_ else None
        )
        start += f"（以“{field.title}”为准）" if field else ""
        return f"自{start}起{limit_words(rulebook, duty.limit)}" if duty.limit else f"在{start}后"
    when = f"{EVERY.get(duty.every, '定期')}{due_words(duty.due) if duty.due else ''}"
    return when.replace("周周", "周").replace("月月", "月")


def _form_of(rulebook: Rulebook, duty: Duty) -> str:
    return rulebook.feeds[duty.feed].row_form if duty.feed in rulebook.feeds else duty.form


def _terms(rulebook: Rulebook, duty: Duty) -> Iterator[str]:
    if duty.for_ is not None:
        yield f"适用于{condition_words(rulebook, duty.for_)}的对象"
    if duty.satisfied_by:
        yield f"每期至少{duty.at_least}次"
    if duty.collects in rulebook.duties:
        yield f"在“{rulebook.duties[duty.collects].label}”报齐或逾期后汇总"
    if duty.sample:
        yield sample_words(duty.sample.ratio, duty.sample.per, duty.sample.minimum)
    if duty.form in rulebook.forms:
        yield f"填写《{rulebook.forms[duty.form].title}》"
    if duty.prefill in rulebook.ledgers:
        yield f"数据从“{rulebook.ledgers[duty.prefill].label}”带出"
    if duty.zero_report:
        yield "没有的也要零报告"
    if duty.every and duty.due:
        yield ON_HOLIDAY[duty.on_holiday]


def feeds(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every feed: its columns, which rows are kept, how they are matched, what they open."""
    for feed in rulebook.feeds.values():
        yield line(rulebook, feed.id, _feed(rulebook, feed), feed.basis)


def _feed(rulebook: Rulebook, feed: Feed) -> str:
    columns = "、".join(heads[0] for heads in feed.columns.values())
    parts = [f"“{feed.label}”名单应有{columns}等列", f"按{_MATCHES.get(feed.match, '姓名')}比对"]
    if keep := condition_words(rulebook, feed.keep_when, feed.row_form):
        parts.append(f"只收{keep}的")
    if unless := condition_words(rulebook, feed.unless, feed.row_form):
        parts.append(f"{unless}的不再列入")
    opens = rulebook.forms.get(feed.opens)
    parts.append(f"每人生成一份《{opens.title}》线索" if opens else "只供比对，不生成线索")
    return "，".join(parts)


def meetings(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every standing meeting: who convenes it, who sits in it, what it may decide."""
    for meeting in rulebook.meetings.values():
        yield line(rulebook, meeting.id, _meeting(rulebook, meeting), meeting.basis)


def _meeting(rulebook: Rulebook, meeting: Meeting) -> str:
    parts = [f"{meeting.label}由{unit_words(rulebook, meeting.convenes)}召集"]
    if meeting.members:
        parts.append(f"成员为{'、'.join(each_unit_words(rulebook, unit) for unit in meeting.members)}")
    if meeting.quorum:
        parts.append(f"{_QUORUMS.get(meeting.quorum, '规定人数')}到会方可议决")
    if meeting.decides:
        parts.append(f"逐案作出决定：{'、'.join(meeting.labels.get(each, '其他决定') for each in meeting.decides)}")
    minutes = rulebook.notices.get(meeting.minutes)
    return "，".join([*parts, f"形成{minutes.label}"] if minutes else parts)
