"""scenarios/*.toml: given, when, then, beside the rules they prove."""

from collections.abc import Collection, Mapping
from typing import Any

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.files import Files, UnreadableError, parse_document
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.merge import Part, grow, merge
from xunfang.rulebook.positions import Path
from xunfang.rulebook.shape import check_shape
from xunfang.rulebook.whole import Scenario

BASE = "base"


def scenarios_of(files: Files, layer: str, draft: Draft) -> list[Scenario]:
    """Return a layer's own scenarios, each step's named base answers filled in; what is wrong is noted."""
    head = f"workflows/{layer}/scenarios/"
    parts = {}
    for path in sorted(files):
        if path.startswith(head):
            name = path.removeprefix(head).removesuffix(".toml")
            try:
                parts[name] = merge("scenario", name, [grow(parse_document(path, files[path]), layer)])
            except UnreadableError as error:
                draft.findings.problems += error.problems
    bases = parts.pop(BASE).data if BASE in parts else {}
    return [scenario for part in parts.values() if (scenario := _scenario(part, bases, draft))]


def _scenario(part: Part, bases: Mapping[str, Any], draft: Draft) -> Scenario | None:
    check_shape(part, draft.findings)
    if part.broken:
        return None
    for index, clause in enumerate(part.data.get("proves", ())):
        _check(part, ("proves", index), clause, draft.rules.clauses, "编号为“{}”的条款", draft)
    for index, step in enumerate(part.data["steps"]):
        _check_step(part, ("steps", index), step, bases, draft)
    steps = tuple(_step(step, bases) for step in part.data["steps"])
    file = part.origin(()).file
    return Scenario(part.name, part.data["label"], tuple(part.data.get("proves", ())), steps, file)


def _check_step(part: Part, path: Path, step: Mapping[str, Any], bases: Mapping[str, Any], draft: Draft) -> None:
    named = [
        ("submit", [step.get("submit")], draft.known("forms"), "名为“{}”的表单"),
        ("base", [step.get("base")], bases, "名为“{}”的一组答案（写在 base.toml 中）"),
        ("by", [step.get("by")], draft.known("roles"), "名为“{}”的角色"),
        ("flow", [step.get("flow")], draft.known("flows"), "名为“{}”的流程"),
        ("against", [step.get("against")], draft.known("flows"), "名为“{}”的流程"),
        ("alert", [step.get("alert")], draft.known("alerts"), "名为“{}”的应急响应"),
    ]
    expect = step.get("expect", {})
    units = [item.get("lead") or item.get("unit") for key in ("proposed", "tasks") for item in expect.get(key, ())]
    units += [
        step.get("unit"),
        *expect.get("informed", ()),
        *expect.get("withdrawn", ()),
        *expect.get("overdue", ()),
        *(item["to"] for item in expect.get("reminded", ())),
        *(item["to"] for item in expect.get("on_duty", ())),
    ]
    named += [
        ("expect", [str(unit).split(":", 1)[0] for unit in units if unit], draft.known("units"), "名为“{}”的单位"),
        ("expect", expect.get("in_time", ()), draft.known("deadlines"), "名为“{}”的时限"),
        ("expect", expect.get("printed", ()), draft.known("notices"), "名为“{}”的文书"),
        ("expect", expect.get("issued", ()), draft.known("notices"), "名为“{}”的文书"),
        ("expect", [item.get("form") for item in expect.get("tasks", ())], draft.known("forms"), "名为“{}”的表单"),
        ("expect", expect.get("started", ()), draft.known("flows"), "名为“{}”的流程"),
        ("expect", expect.get("not_owed", ()), draft.known("duties"), "名为“{}”的定期任务"),
        ("expect", [item["duty"] for item in expect.get("opened", ())], draft.known("duties"), "名为“{}”的定期任务"),
        ("expect", expect.get("stopped", ()), draft.known("duties"), "名为“{}”的定期任务"),
        ("expect", expect.get("replaced", {}), draft.known("duties"), "名为“{}”的定期任务"),
        ("expect", expect.get("resumed", {}), draft.known("duties"), "名为“{}”的定期任务"),
        ("during", step.get("during", {}), draft.known("alerts"), "名为“{}”的应急响应"),
        ("expect", expect.get("bound", {}), draft.known("forms"), "名为“{}”的表单"),
        ("expect", expect.get("quota", {}), draft.known("duties"), "名为“{}”的定期任务"),
        ("expect", _bound_by(expect), draft.known("duties"), "名为“{}”的定期任务"),
        ("expect", expect.get("alerts", {}), draft.known("alerts"), "名为“{}”的应急响应"),
    ]
    for key, words, known, what in named:
        for word in (word for word in words if word):
            _check(part, (*path, key), word, known, what, draft)
    if "draw" in step:
        _check_drawn_from(part, path, step, draft)
    form = draft.rules.forms.get(step.get("submit", ""))
    if "against" in step and not (form and form.objection):
        message = "against 只用于填报对公示的异议表的一步"
        draft.findings.error(part, (*path, "against"), "KEY_MISPLACED", message, "请删去 against，或改报异议表")
    for name in step.get("answers", {}) if form else ():
        _check(part, (*path, "answers", name), name, form.fields if form else (), "字段“{}”", draft)


def _bound_by(expect: Mapping[str, Any]) -> list[Any]:
    bound = list(expect.get("bound", {}).values())
    names = [name for each in bound for name in (each.get("by", ""), *each.get("others", ()))]
    return [name.partition(".")[0] for name in names]


def _check_drawn_from(part: Part, path: Path, step: Mapping[str, Any], draft: Draft) -> None:
    """Things that are drawn need ids: by these they are ranked, so that their order does not matter."""
    known: set[str] = set()
    for index, thing in enumerate(step.get("things", ())):
        id = thing.get("id")
        if not isinstance(id, str) or not id or id in known:
            message = "要抽的每一个都要有编号 id，各不相同" if id not in known else f"两个都叫“{id}”，抽中的分不清"
            draft.findings.error(part, (*path, "things", index), "DRAWN_UNNAMED", message, '如 { id = "甲户", … }')
            continue
        known.add(id)


def _check(part: Part, path: Path, word: str, known: Collection[str], what: str, draft: Draft) -> None:
    if word not in known:
        code = "CITATION_UNKNOWN" if path[0] == "proves" else "NAME_UNKNOWN"
        draft.findings.error(part, path, code, f"没有{what.format(word)}", did_you_mean(word, known))


def _step(step: Mapping[str, Any], bases: Mapping[str, Any]) -> Mapping[str, Any]:
    if not (base := step.get("base")):
        return step
    own = {key: told for key, told in step.items() if key != "base"}
    return {**own, "answers": {**bases.get(base, {}), **step.get("answers", {})}}
