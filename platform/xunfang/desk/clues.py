"""Clues as pages show them: what they say now, and what they said before they were put right."""

from collections.abc import Iterable, Mapping
from typing import Any

from xunfang.casework import Clue, Correction
from xunfang.clock import local_date
from xunfang.desk.faces import ClueFace, CorrectedFace, Lines
from xunfang.desk.labels import HIDDEN, Labels
from xunfang.desk.releases import Releases
from xunfang.desk.reports import receipt_number
from xunfang.rulebook.model import Field, IntakeForm
from xunfang.store.reading.case_file import CaseFile as StoredFile
from xunfang.store.reading.case_file import SubmissionView


def clue_faces(stored: StoredFile, rules: Releases) -> tuple[ClueFace, ...]:
    """Return the clues of a case, in the order they came in, each by the names of the release it was filled by."""
    return tuple(_clue(clue, stored, rules) for clue in stored.clues)


def _clue(clue: Clue, stored: StoredFile, rules: Releases) -> ClueFace:
    submissions, mine = stored.submissions, [each for each in stored.corrections if each.clue == clue.id]
    filled = submissions.get(clue.submission)
    labels = rules.labels(filled.release if filled else stored.case.release)
    labels = labels.on(local_date(filled.at if filled else clue.entered_at))
    form = labels.rulebook.forms.get(clue.form)
    said: tuple[Lines, ...] = labels.said(form, filled.answers) if form and filled else ()
    if filled and filled.has_sealed:
        said += (Lines("", (("其他", "另有加密保存的内容，需要时按规定查看"),)),)
    return ClueFace(
        title=form.title if form else clue.form,
        receipt=receipt_number(clue.receipt),
        unit=labels.unit(clue.unit),
        found_at=clue.found_at,
        entered_at=clue.entered_at,
        verdicts=tuple((labels.deadline(id), told) for id, told in clue.in_time.items()),
        said=said,
        photos=_photos([each.before for each in mine] + [clue.submission], submissions, filled),
        id=clue.id,
        withdrawn_at=clue.withdrawn_at,
        asked_back_at=clue.asked_back_at,
        corrected=tuple(_corrected(each, stored.submissions, form, labels) for each in mine) if form else (),
    )


def _photos(
    keys: Iterable[str], submissions: Mapping[str, SubmissionView], now: SubmissionView | None
) -> tuple[str, ...]:
    """Return the photos of a clue that its answers name now; those kept from before lie with what was corrected."""
    if now is None:
        return ()
    told = {str(value) for answer in now.answers.values() if isinstance(answer, (list, tuple)) for value in answer}
    files = [file.id for key in keys if key in submissions for file in submissions[key].attachments]
    return tuple(file for file in files if file in told)


def _corrected(
    each: Correction, submissions: Mapping[str, SubmissionView], form: IntakeForm, labels: Labels
) -> CorrectedFace:
    before, after = (submissions[key].answers if key in submissions else {} for key in (each.before, each.submission))
    fields = [form.fields[name] for name in each.fields if name in form.fields and form.fields[name].kind != "photos"]
    told = tuple((field.title, _told(field, before, labels), _told(field, after, labels)) for field in fields)
    return CorrectedFace(each.at, each.acted, told)


def _told(field: Field, answers: Mapping[str, Any], labels: Labels) -> str:
    if field.sensitive:
        return HIDDEN
    return labels.value(field, answers[field.name]) if answers.get(field.name) not in (None, "", []) else "未填"
