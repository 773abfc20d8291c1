"""Filed forms: what is sensitive is sealed, a repeated send is known, photos are tied to their form."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from xunfang.actions.acting import Act, Look
from xunfang.errors import Conflict, FieldProblem, Invalid
from xunfang.rulebook.model import IntakeForm
from xunfang.store import Attachment, Keys, Place, Submission


def body_hash(keys: Keys, form: str, answers: Mapping[str, Any]) -> str:
    """Return the keyed hash that tells two sends of one form from each other."""
    text = json.dumps([form, answers], ensure_ascii=False, sort_keys=True)
    return keys.keyed(hashlib.sha256(text.encode()).hexdigest())


def filed_before(act: Act, submission_id: str, digest: str) -> Submission | None:
    """Return the submission this key was sent with before, or None; raises Conflict when it said something else."""
    found = act.tx.find(Submission, submission_id)
    if found is None:
        return None
    if found.by != act.actor.account or found.body_hash != digest:
        raise Conflict("这份填报已经提交过，且内容不同。如需补充，请新填一份。", "SUBMISSION_DIFFERS")
    return found


def file_form(
    act: Act, form: IntakeForm, answers: Mapping[str, Any], submission_id: str, digest: str, release: str
) -> None:
    """Write a filled form down, its sensitive answers sealed, its photos tied to it; raises Invalid for a lost one."""
    secret = {name: value for name, value in answers.items() if form.fields[name].sensitive}
    plain = {name: value for name, value in answers.items() if name not in secret} | _shown_of_rows(form, secret)
    place = Place("submission", "sealed", submission_id)
    act.tx.insert(
        Submission(
            id=submission_id,
            body_hash=digest,
            jurisdiction=act.actor.jurisdiction,
            release=release,
            form=form.id,
            answers=plain,
            by=act.actor.account,
            unit=act.actor.unit,
            at=act.at,
            division=act.actor.division,
            sealed=act.deployment.keys.seal_values(secret, place) if secret else None,
        )
    )
    for field in form.fields.values():
        for key in answers.get(field.name, ()) if field.kind == "photos" else ():
            where = {"id": key, "by": act.actor.account, "submission": ""}
            if act.tx.update(Attachment, where, {"submission": submission_id}) == 0:
                text = "有照片已失效：上传超过八天没有提交，或者不是您上传的。请删去后重新拍照上传。"
                raise Invalid([FieldProblem(field.name, text, "PHOTO_GONE")])


def _shown_of_rows(form: IntakeForm, secret: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of rows with sensitive columns is shown like other answers: their other columns."""
    shown: dict[str, Any] = {}
    for field in form.row_fields:
        if field.row and field.name in secret:
            open_columns = [name for name, column in field.row.fields.items() if not column.sensitive]
            shown[field.name] = [
                {name: row[name] for name in open_columns if name in row} for row in secret[field.name]
            ]
    return shown


def whole_answers(act: Look, submission: Submission | None) -> dict[str, Any]:
    """Return all answers of a submission, the sealed ones included; none when there is no submission."""
    if submission is None:
        return {}
    place = Place("submission", "sealed", submission.id)
    return {**submission.answers, **act.deployment.keys.open_values(submission.sealed, place)}
