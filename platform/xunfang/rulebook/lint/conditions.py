"""Conditions that can never hold or always do: facts that are not there by then, values of another kind, empty sets."""

from collections.abc import Iterable, Mapping

from xunfang.division import Division, DivisionTree
from xunfang.rulebook.conditions import facts_of, tests_of
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.lint.domains import Domain, Span, always, left, ways
from xunfang.rulebook.lint.personal import every_field
from xunfang.rulebook.lint.points import Point, fields_behind, known_at, points
from xunfang.rulebook.model import FactRef, Field, Operator, Test

_ORDER = {Operator.AT_LEAST, Operator.AT_MOST, Operator.ABOVE, Operator.BELOW}
_DAYS = {Operator.BEFORE, Operator.AFTER}
_TEXTS = {"text", "long-text"}
_ONE_OF = {Operator.IS, Operator.IS_NOT, Operator.IN}
_LEVELS = {"province": "省级", "city": "市级", "county": "县级", "township": "乡级", "village": "村级", "grid": "网格"}
_DEPTH = tuple(_LEVELS)
_SEXES = frozenset({"男", "女"})
_MOST_SHOWN = 3
_OLDEST = 130
"""No person is older than that, in years."""


class Known(dict[str, str]):
    """The kind of each fact there is at a point, and what it can be as far as that has been asked."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        super().__init__(kinds)
        self.domains: dict[str, Domain] = {}


def lint(draft: Draft, divisions: DivisionTree) -> None:
    """Note every condition that does not depend on what it asks."""
    kept: dict[tuple[object, ...], Known] = {}
    for point in points(draft):
        of = (*map(id, point.forms or ()), point.forms is None, point.case, point.bare, point.history, point.about,
              point.condition if point.listed else None)  # fmt: skip
        known = kept[of] if of in kept else kept.setdefault(of, Known(known_at(draft, point)))
        strangers = [fact for fact in dict.fromkeys(facts_of(point.condition)) if _bare(fact) not in known]
        for fact in strangers:
            _not_there(draft, point, fact, known)
        said = [_value(draft, point, test, known, divisions) for test in tests_of(point.condition)]
        if not strangers and not any(said):
            _possible(draft, point, known)
    _shown_by_itself(draft)


def _bare(fact: str) -> str:
    return fact.removeprefix("answers.")


def _not_there(draft: Draft, point: Point, fact: str, known: Known) -> None:
    leaf = _bare(fact).rpartition(".")[2]
    message = f"{point.where}还没有“{fact}”这一项，这个条件永远不成立"
    hint = f"是否想写“{leaf}”？" if leaf in known and leaf != fact else did_you_mean(fact, known, 0)
    if not hint:
        others = [name for name in known if "." in name]
        hint = f"这里可用表单的字段{'，以及 ' + '、'.join(others) if others else ''}"
    draft.error(point.part, point.path, "FACT_NOT_THERE", message, hint)


def _value(draft: Draft, point: Point, test: Test, known: Known, divisions: DivisionTree) -> bool:
    """Note a comparison that the kind of a fact cannot meet; return whether there was one."""
    kind = known.get(_bare(test.path), "")
    if isinstance(test.value, FactRef):
        return _amount(draft, point, test, test.value, known)
    if not kind or test.operator is Operator.KNOWN:
        return False
    message, hint = _mismatch(draft, point, test, kind, divisions)
    if not message and kind == "division":
        _ended(draft, point, test, divisions)
    if not message and kind in _TEXTS and test.operator in _ONE_OF and fields_behind(draft, point, _bare(test.path)):
        said = f"“{test.path}”是自由填写的文字，要与“{test.value}”一字不差才算"
        hint = "按内容分情形的，请用选项字段"
        draft.findings.warning(draft.parts[point.part], point.path, "TEXT_COMPARED", said, hint)
    if message:
        draft.error(point.part, point.path, "CONDITION_VALUE", message, hint)
    return bool(message)


def _amount(draft: Draft, point: Point, test: Test, ref: FactRef, known: dict[str, str]) -> bool:
    """Note a right side that comes to no amount, or to what is compared with it; return whether it does."""
    message, hint = "", ""
    if ref.on and not ref.path.startswith("standards."):
        message, hint = f"“{ref.path}”不是标准，没有某一天的数额", "请删去 on 和后面的日期"
    elif ref.on in known and known[ref.on] not in {"date", "moment"}:
        days = "、".join(name for name, kind in known.items() if kind in {"date", "moment"})
        message, hint = f"“{ref.on}”不是日期，不知道比哪一天的标准", f"可用的日期有：{days}" if days else ""
    elif ref.path == _bare(test.path):
        message, hint = f"“{ref.path}”与自己比较，结果总是一样", "请写另一项，或者一个数"
    elif ref.times != 1 and known.get(ref.path, "") not in {"", "number", "integer"}:
        message, hint = f"“{ref.path}”不是数字，没有它的 {ref.times:g} 倍", ""
    if message:
        draft.error(point.part, point.path, "CONDITION_VALUE", message, hint)
    return bool(message)


def _mismatch(draft: Draft, point: Point, test: Test, kind: str, divisions: DivisionTree) -> tuple[str, str]:
    words = test.value if isinstance(test.value, tuple) else (test.value,)
    named = f"“{test.path}”"
    if test.operator in _ORDER and kind not in {"integer", "number"}:
        return f"{named}不是数字，不能用“{test.operator}”比较", "比大小的要用数字字段；选项和文字写 =、in、any"
    if test.operator in _DAYS and kind not in {"date", "moment"}:
        return f"{named}不是日期，不能用“{test.operator}”比较", "before、after 只用于日期和时间字段"
    if kind in {"integer", "number"} and any(isinstance(word, (str, bool)) for word in words):
        return f"{named}是数字，不会等于文字“{words[0]}”", "数字不加引号"
    if kind == "boolean" and not all(isinstance(word, bool) for word in words):
        return f"{named}只有“是”和“否”，不会等于“{words[0]}”", "请写 true 或 false，不加引号"
    if kind in {*_TEXTS, "moment"} and (told := _of_text(named, test, words, kind)):
        return told
    if kind == "division":
        return _place(draft, point, test, words, divisions)
    options = _options(draft, point, test, kind)
    for word in words:
        if options is not None and str(word) not in options:
            return f"{named}没有“{word}”这个取值", _by_label(draft, point, test, str(word)) or did_you_mean(
                str(word), options
            )
    return "", ""


def _of_text(named: str, test: Test, words: tuple[object, ...], kind: str) -> tuple[str, str] | None:
    """Return what is wrong with a comparison of what is typed freely, or of a time, with something that it never is."""
    if kind == "moment":
        if test.operator in _ONE_OF:
            return f"{named}是几点几分的时间，不会正好等于“{words[0]}”", "请用 before、after"
    elif test.operator in {Operator.ANY, Operator.ALL, Operator.NONE}:
        return f"{named}是填写的文字，没有选项，不能用“{test.operator}”比较", "这个条件请用选项字段"
    elif not all(isinstance(word, str) for word in words):
        odd = next(str(word).lower() for word in words if not isinstance(word, str))
        return f"{named}是填写的文字，不会等于 {odd}", "“是”和“否”、数字要另设字段"
    return None


def _place(
    draft: Draft, point: Point, test: Test, words: tuple[object, ...], divisions: DivisionTree
) -> tuple[str, str]:
    levels = {field.level or "village" for field in fields_behind(draft, point, _bare(test.path))}
    for word in map(str, words):
        found = next((each for each in divisions if word in {each.code, each.name}), None)
        if found is None:
            return f"“{test.path}”填的是区划代码，没有代码为“{word}”的区划", "请对照 divisions.csv 核对"
        if found.code != word:
            return f"“{test.path}”填的是区划代码，不是名称“{word}”", f"“{word}”的代码是 {found.code}，请写代码"
        inside = any(str(other) != word and str(other).startswith(word) for other in words)
        finer = {level for level in levels if _DEPTH.index(level) > _DEPTH.index(found.level)}
        if (levels and found.level not in levels) or (finer and not inside):
            return _wrong_level(test, found, finer or levels), _below(divisions, word)
    return "", ""


def _ended(draft: Draft, point: Point, test: Test, divisions: DivisionTree) -> None:
    """Note divisions that end and are compared with, where the ones that follow them are not."""
    words = [str(word) for word in (test.value if isinstance(test.value, tuple) else (test.value,))]
    gone = [word for word in words if divisions.heirs.get(word, word) not in words]
    if gone and (found := divisions.get(gone[0])):
        heir = divisions.heirs[gone[0]]
        message = (
            f"{found.name}到 {found.until} 为止，其后住在那里的人按{divisions.name(heir)}（{heir}）算，不再符合这个条件"
        )
        hint = f'请把 "{heir}" 也写进条件，旧代码可以保留'
        draft.findings.warning(draft.parts[point.part], point.path, "CONDITION_ENDS", message, hint)


def _wrong_level(test: Test, found: Division, levels: Iterable[str]) -> str:
    wanted = "、".join(_LEVELS[level] for level in sorted(levels))
    return f"“{test.path}”填到{wanted}区划，不会等于{_LEVELS[found.level]}的{found.name}（{found.code}）"


def _below(divisions: DivisionTree, code: str) -> str:
    inside = [each for each in divisions if each.code.startswith(code) and each.code != code]
    shown = "、".join(f"{each.code}（{each.name}）" for each in inside[:_MOST_SHOWN])
    return f"请逐个写其下的代码，如 {shown}" if inside else ""


def _options(draft: Draft, point: Point, test: Test, kind: str) -> frozenset[str] | None:
    """Return the words a fact can be, None where it may be any."""
    if kind == "flow":
        return frozenset(draft.rules.flows)
    if kind == "state":
        return frozenset(state for flow in draft.rules.flows.values() for state in flow.states)
    if kind == "sex":
        return _SEXES
    if test.path.startswith(("computed.", "person.")) and kind == "choices":
        entries = draft.rules.lists.get(test.path.partition(".")[2])
        if entries:
            return frozenset(entries.entries)
    return _options_of(draft, fields_behind(draft, point, _bare(test.path)))


def _options_of(draft: Draft, fields: list[Field]) -> frozenset[str] | None:
    found: set[str] = set()
    for field in fields:
        items = field.schema.get("items", {}) if field.kind == "choices" else field.schema
        listed = draft.rules.lists[field.list].entries if field.list in draft.rules.lists else items.get("enum")
        if field.kind not in {"choice", "choices"} or listed is None:
            return None
        found |= set(map(str, listed))
    return frozenset(found) if fields else None


def _by_label(draft: Draft, point: Point, test: Test, word: str) -> str:
    for field in fields_behind(draft, point, _bare(test.path)):
        entries = draft.rules.lists[field.list].entries.values() if field.list in draft.rules.lists else ()
        for entry in entries:
            if entry.label == word:
                return f"“{word}”的编号是 {entry.id}，请写编号"
    return ""


def impossible(draft: Draft, point: Point) -> str:
    """Return a fact of which no value meets a condition, whichever way it might hold; "" where one may."""
    return _impossible(draft, point, Known(known_at(draft, point)), ways(point.condition))


def _impossible(draft: Draft, point: Point, known: Known, found: list[list[Test]]) -> str:
    clashes = [_clash(draft, point, tests, known) for tests in found]
    return clashes[0] if found and all(clashes) else ""


def _possible(draft: Draft, point: Point, known: Known) -> None:
    found = ways(point.condition)
    if clash := _impossible(draft, point, known, found):
        code = "ROW_NEVER_FIRES" if point.part == "routing" else "CONDITION_NEVER"
        if code == "ROW_NEVER_FIRES" and any(each.code == code for each in draft.findings.errors):
            return  # the rows of tables are looked at together as well
        message = f"这个条件永远不成立：“{clash}”没有一个值能同时符合"
        draft.error(point.part, point.path, code, message, "请检查同一项的几个条件，以及它的上下限和选项")
    elif _cannot_fail(draft, point, found, known):
        if point.forbids:
            message, hint = "这个矛盾总是成立，表单永远交不上来", "请改写条件：成立的是不许同时出现的填法"
            draft.error(point.part, point.path, "CONDITION_ALWAYS", message, hint)
            return
        message = "这个条件总是成立，写与不写一样"
        draft.findings.warning(draft.parts[point.part], point.path, "CONDITION_ALWAYS", message, "请改写或删去条件")


def _clash(draft: Draft, point: Point, tests: list[Test], known: Known) -> str:
    """Return the first fact that no value could satisfy, "" when there is none."""
    by_fact: dict[str, list[Test]] = {}
    for test in (test for test in tests if not point.has_many(test.path)):
        by_fact.setdefault(_bare(test.path), []).append(test)
    impossible = (fact for fact, of_it in by_fact.items() if not left(of_it, _domain(draft, point, of_it[0], known)))
    return next(impossible, "")


def _domain(draft: Draft, point: Point, test: Test, known: Known) -> Domain:
    if test.path not in known.domains:
        known.domains[test.path] = _domain_of(draft, point, test, known)
    return known.domains[test.path]


def _domain_of(draft: Draft, point: Point, test: Test, known: Known) -> Domain:
    fields = fields_behind(draft, point, _bare(test.path))
    kind = known.get(_bare(test.path), "")
    lows = [float(field.schema.get("minimum", "-inf")) for field in fields]
    highs = [float(field.schema.get("maximum", "inf")) for field in fields]
    if _bare(test.path) == "person.age":
        return Domain(kind, Span(0, _OLDEST))
    span = Span(min(lows), max(highs)) if lows and kind in {"integer", "number"} else Span()
    return Domain(kind, span, _options(draft, point, test, kind))


def _cannot_fail(draft: Draft, point: Point, found: list[list[Test]], known: Known) -> bool:
    """Return whether one way holds whatever is answered, or all those on one fact together leave nothing out."""
    if any(tests and all(_always(draft, point, [test], known) for test in tests) for tests in found):
        return True
    by_fact: dict[str, list[Test]] = {}
    for (test,) in (tests for tests in found if len(tests) == 1):
        by_fact.setdefault(_bare(test.path), []).append(test)
    return any(_always(draft, point, tests, known) for tests in by_fact.values())


def _always(draft: Draft, point: Point, tests: list[Test], known: Known) -> bool:
    """Return whether one of several tests of one fact always holds, because the fact is always told."""
    if not always(tests, _domain(draft, point, tests[0], known)):
        return False
    fields = fields_behind(draft, point, _bare(tests[0].path))
    forms = point.forms if point.forms is not None else tuple(draft.rules.forms.values())
    asked_for_certain = point.part.startswith("flow:") or len(fields) == len(forms)
    sure = bool(fields) and all(field.required and field.when is None for field in fields)
    return sure and asked_for_certain


def _shown_by_itself(draft: Draft) -> None:
    for form in draft.rules.forms.values():
        for path, field in every_field(form):
            asked = {"x-when": (field.when, "要等自己填了才显示，永远填不了"),
                     "x-required-when": (field.required_when, "要等自己填了才必填，不起作用")}  # fmt: skip
            for key, (condition, what) in asked.items():
                if condition is not None and field.name in map(_bare, facts_of(condition)):
                    hint = "请改用排在前面的另一个字段"
                    message = f"“{field.title}”{what}"
                    draft.error(f"form:{form.id}", (*path, key), "CONDITION_ON_ITSELF", message, hint)
