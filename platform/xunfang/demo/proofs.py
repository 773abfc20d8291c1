"""Will the demonstration play? Its people, forms and answers held against the rules, with the line of each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from xunfang.demo.script import script_of, year_files
from xunfang.demo.step import SUBMIT, Step
from xunfang.errors import Problem, Refused, Severity
from xunfang.rulebook.compile import DEMO
from xunfang.rulebook.files import Document, Files, UnreadableError, parse_document
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.model import IntakeForm, Outcome, Rulebook
from xunfang.rules.submission import cleaned, problems
from xunfang.rules.units import kind_of


def demo_problems(files: Files, rulebook: Rulebook, base: datetime) -> tuple[Problem, ...]:
    """Return, as warnings, all for which the month and year of a jurisdiction could not be played up to a moment."""
    path = f"workflows/{rulebook.id}/{DEMO}"
    if path not in files:
        return ()
    try:
        documents = [parse_document(each, files[each]) for each in (path, *reversed(year_files(files, rulebook.id)))]
        script = script_of(files, rulebook, base, whole=True)
    except UnreadableError as error:
        return error.problems
    except Refused as error:
        return (Problem(path, 0, "", "DEMO_UNUSABLE", error.message.rstrip("。"), "", Severity.WARNING),)
    if script is None:
        return ()
    known = {login.login for login in script.logins}
    reading = _Reading(documents, rulebook)
    steps = (problem for step in script.steps for problem in reading.step(step, known))
    return tuple(dict.fromkeys([*reading.logins(), *steps]))


class _Reading:
    def __init__(self, documents: Sequence[Document], rulebook: Rulebook) -> None:
        self.month, self.rulebook = documents[0], rulebook
        self.stories = {
            case["id"]: (document, place)
            for document in reversed(documents)
            for place, case in enumerate(document.data.get("cases", ()))
        }

    def logins(self) -> Iterator[Problem]:
        """Yield what is wrong with those who sign in."""
        for place, login in enumerate(self.month.data["logins"]):
            for key, words, known in (
                ("unit", [kind_of(login["unit"])], self.rulebook.units),
                ("roles", login["roles"], self.rulebook.roles),
            ):
                for word in (word for word in words if word not in known):
                    message = f"演示账号“{login['login']}”的 {key} 写的“{word}”在规则中没有"
                    yield self._problem(("logins", place, key), message, did_you_mean(word, known))

    def step(self, step: Step, known: set[str]) -> Iterator[Problem]:
        """Yield what is wrong with one act."""
        if step.by and step.by not in known:
            yield self._of(step, f"由没有的账号“{step.by}”办理", did_you_mean(step.by, known))
        form, outcome = self._asked(step)
        if form is None:
            if step.act == SUBMIT:
                yield self._of(step, f"填的是没有的表单“{step.told.get('form', '')}”", "")
            return
        answers = cleaned(form, step.told["answers"])
        for wrong in problems(self.rulebook, form, answers, step.moment):
            field = form.fields.get(wrong.field)
            named = f"（{wrong.field}）" if field else f"“{wrong.field}”"
            hint = f"请在 answers 中改写或补上 {wrong.field}；几个个案共用的写在 base 所指的 [answers] 中"
            yield self._of(step, f"按“{form.title}”填报不能通过：{wrong.message.rstrip('。')}{named}", hint)
        for name in outcome.requires if outcome else ():
            if name not in answers:
                hint = f"请在 answers 中补上 {name}"
                yield self._of(step, f"办成“{outcome.label if outcome else ''}”时须填写 {name}", hint)

    def _asked(self, step: Step) -> tuple[IntakeForm | None, Outcome | None]:
        """Return the form an act fills and the outcome it chooses, where the script alone tells which."""
        if step.act == SUBMIT:
            return self.rulebook.forms.get(str(step.told.get("form", ""))), None
        named = str(step.told.get("outcome", "")) if step.act == "complete" else ""
        states = [
            state for flow in self.rulebook.flows.values() for state in flow.states.values()
            if named in state.outcomes and step.told.get("state", state.id) == state.id
        ]  # fmt: skip
        if len(states) != 1:
            return None, None
        return self.rulebook.forms.get(states[0].form), states[0].outcomes[named]

    def _of(self, step: Step, message: str, hint: str) -> Problem:
        story = step.case if step.case in self.stories else step.case.rpartition("-")[0]  # of the month, lived again
        document, place = self.stories.get(story, (self.month, 0))
        path: tuple[Any, ...] = ("cases", place) if step.place == 0 else ("cases", place, "acts", step.place - 1)
        what = "报来" if step.place == 0 else f"第 {step.place} 步（{step.act}）"
        return self._problem(path, f"演示个案“{story or step.case}”{what}{message}", hint, document)

    def _problem(self, path: tuple[Any, ...], message: str, hint: str, document: Document | None = None) -> Problem:
        document = document or self.month
        lines: Mapping[tuple[Any, ...], int] = document.lines
        at = path
        while at and at not in lines:
            at = at[:-1]
        return Problem(document.path, lines.get(at, 0), "", "DEMO_UNUSABLE", message, hint, Severity.WARNING)
