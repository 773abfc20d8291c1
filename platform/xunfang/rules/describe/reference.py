"""docs/reference.md: everything that rule files may say, written from what reads them, so that it is never behind."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from xunfang.rulebook.acts import ACTS, ANCHORS, FACT_ROOTS
from xunfang.rulebook.conditions import Operator
from xunfang.rulebook.delivery import WAYS
from xunfang.rulebook.editing import TITLES
from xunfang.rulebook.expressions import FUNCTIONS
from xunfang.rulebook.keywords import keys_of, words_of
from xunfang.rules.describe import words
from xunfang.rules.describe.facts import engine_fact
from xunfang.worktime import ACCEPTED

_HEAD = """# 规则文件速查

由程序按它实际读的内容写成（`xunfang reference -o docs/reference.md`），测试保证与程序一致。
从头学起见 [rules.md](rules.md)，做一个县见 [adapt.md](adapt.md)。
表中 `*` 是自己起的编号，`[]` 是列表中的每一项；没有写“必写”的都可以不写。
"""
_TIME = """## 时间怎样算

- **起算。** 期限从起算的次日算第一天，当日不算（民法典第二百零一条）；以小时计的，从起算的时刻算。
- **工作日。** 只数上班的日子：周末和放假不数，调休上班的数。最后一天下班时到期。
- **天、月。** 每天都数；最后一天二十四时到期，遇放假顺延到下一个工作日（第二百零三条）。
- **不顺延的。** `same day`（当日二十四时）、以小时计的和 `by …`（某日以前）不因放假顺延。
- **二十四时** 在数据里写作 23:59:59，页面和文书上写作“24:00前”。
- **暂定。** 期限伸进放假安排还没有公布的年份时，页面注明“暂定”；公布后自动重算，
  留下新旧两个时间，并告诉已经知道旧时间的人。
- **定期任务** 到期日遇放假：`next` 顺延，`previous` 提前，`keep` 不变。2月29日没有的年份，算2月最后一天。
"""
_PAPERS = """## 文书什么时候印

- 环节写了 `prints`：进入环节时；几个单位并行的，每个主办单位一份。
- 结果写了 `prints`：选了这个结果办结时。逾期处理写了 `notice`：到那个时候。会商写了 `minutes`：会商有了决定时。
- 文书种类写了 `signed_off_by`：先出草稿（有“草稿　待签发”水印），签发以后才取文号、制成；没有写的直接制成。
- 没有制成的，改好模板并发布后在页面上按【重新制作】，文号不变。作废的文号保留并注明理由，不再使用。
"""


def reference() -> str:
    """Return the whole page, in Markdown."""
    parts = [_HEAD, _files(), _TIME, _PAPERS, *_lists(), *(_kind(kind, title) for kind, title in TITLES.items())]
    return "\n".join(parts)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(heads), *(list(row) for row in rows)]
    told = [f"| {' | '.join(cell.replace('|', '／') for cell in line)} |" for line in lines]
    return "\n".join([told[0], "|" + "---|" * len(lines[0]), *told[1:], ""])


def _files() -> str:
    return "## 有哪些文件\n\n" + _table(["种类", "文件"], ([kind, title] for kind, title in TITLES.items()))


def _lists() -> Iterator[str]:
    limits = (each.partition("（") for each in ACCEPTED.removeprefix("可写：").split("、"))
    yield _listed("期限的写法", "凡写期限的地方", ((name, told.removesuffix("）")) for name, _, told in limits))
    yield _listed("权限", "角色和单位的 `may`", ((act, words.ACTS[act]) for act in sorted(ACTS)))
    anchors = ((each, words.ANCHORS[each]) for each in ANCHORS)
    yield _listed("起算点", "期限的 `from` 和 `until`，另可写 `answers.<字段>`", anchors)
    operators = ((each.value, _OPERATORS[each]) for each in Operator)
    yield _listed("条件", "`when.<事实>.<比较> = 值`；只写值的，是 `is`", operators)
    functions = ((name, _FUNCTIONS[name]) for name in FUNCTIONS)
    yield _listed("算式", "`x-computed` 里可用的函数；另有 + - * / 和括号", functions)
    yield _listed("送达方式", "文书种类的 `delivery`", WAYS.items())
    yield _listed("事实", "条件、台账和指标可以读的；各表单填的字段也都是", _facts())


def _listed(title: str, where: str, rows: Iterable[tuple[str, str]]) -> str:
    return f"## {title}\n\n{where}。\n\n" + _table(["写法", "意思"], ([f"`{name}`", told] for name, told in rows))


def _facts() -> Iterator[tuple[str, str]]:
    for root, names in FACT_ROOTS.items():
        yield from ((f"{root}.{name}", engine_fact(f"{root}.{name}")) for name in sorted(names))


def _kind(kind: str, title: str) -> str:
    rows = (
        [f"`{key.path}`", _type(key.schema) + "，必写" * key.required, words_of(kind, key.path)]
        for key in keys_of(kind)
    )
    return f"## {title}\n\n" + _table(["键", "写什么", "说明"], rows)


def _type(item: Mapping[str, Any]) -> str:
    if "enum" in item:
        return "、".join(f"`{value}`" for value in item["enum"])
    if "const" in item:
        return f"`{item['const']}`"
    name = str(item.get("$ref", "")).removeprefix("#/$defs/")
    if name:
        return _NAMED.get(name, "一张表")
    types = item.get("type", "object")
    return "或".join(_TYPES.get(each, each) for each in ([types] if isinstance(types, str) else types)) + _bounds(item)


def _bounds(item: Mapping[str, Any]) -> str:
    told = [f"{word}{item[key]}" for key, word in _BOUNDS.items() if key in item]
    return f"（{'，'.join(told)}）" if told else ""


_TYPES = {
    "object": "一张表", "array": "列表", "string": "文字", "integer": "整数", "number": "数字",
    "boolean": "true 或 false", "date": "日期", "moment": "日期和时间",
}  # fmt: skip
_BOUNDS = {
    "minimum": "至少", "maximum": "至多", "maxLength": "至多几字：", "minItems": "至少几项：", "maxItems": "至多几项：",
}  # fmt: skip
_NAMED: Mapping[str, str] = {
    "id": "编号", "ids": "编号列表", "field": "字段名", "text": "文字", "cites": "条款编号列表", "when": "条件",
    "limit": "期限", "level": "区划级别", "unit-ref": "单位", "unit-refs": "单位列表",
    "office-hours": "办公时段列表", "office-seasons": "列表", "month-day": "月-日",
}  # fmt: skip
_OPERATORS = {
    Operator.IS: "等于", Operator.IS_NOT: "不等于，或不知道", Operator.ANY: "含有其中任何一个",
    Operator.ALL: "全都含有", Operator.NONE: "一个也不含，或不知道", Operator.IN: "是其中之一",
    Operator.AT_LEAST: "不小于", Operator.AT_MOST: "不大于", Operator.ABOVE: "大于", Operator.BELOW: "小于",
    Operator.BEFORE: "早于", Operator.AFTER: "晚于", Operator.KNOWN: "true：填了；false：没有填",
}  # fmt: skip


def operator_words(operator: Operator) -> str:
    """Return what a comparison is called."""
    return _OPERATORS[operator]


_FUNCTIONS = {
    "age": "age(证件号或出生日期, 日期)：周岁", "min": "最小的", "max": "最大的", "sum": "合计",
    "round": "四舍五入，round(数, 位数)", "count": "选了几项，或几行里填了、选“是”的有几行",
    "years": "years(从, 到)：满几年", "days": "days(从, 到)：相隔几天",
}  # fmt: skip
