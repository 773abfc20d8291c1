"""The forms of a draft as they are edited: which there are, and the fields of one, in order, with what each asks."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from xunfang.desk.studio.faces import Drafted
from xunfang.desk.studio.form_layers import form_blocks, names_above, own_path, paths_above, written_above
from xunfang.desk.studio.form_touches import leaves_open
from xunfang.errors import NotFound
from xunfang.rulebook.blocks import HEAD, Block, digest_of
from xunfang.rulebook.files import UnreadableError
from xunfang.rulebook.model import Field, IntakeForm, Rulebook
from xunfang.rules.describe.conditions import condition_words

KINDS: Mapping[str, str] = {
    "text": "短文字", "long-text": "长文字", "integer": "整数", "number": "数", "date": "日期", "moment": "日期和时间",
    "boolean": "是或否", "choice": "选一项", "choices": "选几项", "division": "区划", "resident-id": "居民身份证号",
    "identity-paper": "证件号码", "phone": "电话", "photos": "照片", "rows": "逐行填写",
}  # fmt: skip
"""What each kind of field is called."""
FIELDS = "properties"


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form in the list: whether the draft's own layer writes it, adds to it, or only inherits it."""

    id: str
    title: str
    own: bool
    inherited: bool
    count: int
    opens: str


@dataclass(frozen=True, slots=True)
class FieldFace:
    """A field of a form. `digest`, `whole` are those of its block in the layer's own file, "" for one from above."""

    name: str
    title: str
    kind: str
    required: bool
    when: str
    required_when: str
    section: str
    data: Mapping[str, Any]
    digest: str = ""
    whole: str = ""
    up: int = 0
    down: int = 0
    place: int | None = None  # among the fields of its own file, None of one of a layer above
    over: bool = False  # its layer says it over what a layer above says of the same

    @property
    def own(self) -> bool:
        """Whether the layer writes it itself."""
        return bool(self.digest)


@dataclass(frozen=True, slots=True)
class FormFace:
    """One form: its fields as the page of it has them, its sections, and what stands on it."""

    id: str
    title: str
    path: str
    own: bool
    inherited: bool
    sections: Mapping[str, str]
    fields: Sequence[FieldFace]
    touches: Sequence[str]
    unreadable: str = ""
    required_above: Sequence[str] = ()  # what the layers above require

    @property
    def warns(self) -> bool:
        """Whether something that stands on it has to change with it."""
        return any("跟着改" in line for line in self.touches)


def form_rows(draft: Drafted, rules: Rulebook) -> list[FormRow]:
    """Return the forms of a draft, its own first."""
    opened = {form: flow.label for flow in rules.flows.values() for form in flow.opens_on}
    rows = [
        FormRow(
            form.id, form.title, own_path(draft, form.id) in draft.files,
            bool(paths_above(draft, form.id, rules.chain)), len(form.fields), opened.get(form.id, ""),
        )
        for form in rules.forms.values()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (not row.own, not row.opens, row.title))


def own_blocks(draft: Drafted, form: str) -> tuple[Block, ...]:
    """Return the blocks of a form that the layer writes itself; none where it writes none. Raises UnreadableError."""
    path = own_path(draft, form)
    return form_blocks(path, draft.files[path]) if path in draft.files else ()


def form_face(draft: Drafted, rules: Rulebook | None, chain: Sequence[str], form: str) -> FormFace:
    """Return one form of a draft as it is edited; raises NotFound for one that there is not."""
    above = paths_above(draft, form, chain)
    path = own_path(draft, form)
    if path not in draft.files and not above:
        raise NotFound()
    try:
        blocks, unreadable = own_blocks(draft, form), ""
    except UnreadableError as error:
        blocks, unreadable = (), error.problem.message
    compiled = rules.forms.get(form) if rules else None
    head: Mapping[str, Any] = next((block.data for block in blocks if block.key == HEAD), {})
    told = _from_rules(rules, compiled, blocks) if rules and compiled else _from_blocks(blocks, head)
    return FormFace(
        id=form,
        title=compiled.title if compiled else str(head.get("title", form)),
        path=path,
        own=path in draft.files,
        inherited=bool(above),
        sections=compiled.sections if compiled else head.get("x-sections", {}),
        fields=said_over(told, names_above(draft, form, chain, FIELDS)),
        touches=list(_touches(rules, compiled)) if rules and compiled else [],
        unreadable=unreadable,
        required_above=written_above(draft, form, chain, "required") or (),
    )


def said_over(fields: Sequence[FieldFace], above: Set[str]) -> list[FieldFace]:
    """Return fields with those marked that their layer says over what a layer above says: these are in `above`."""
    return [replace(each, over=each.own and each.name in above) for each in fields]


def _from_rules(rules: Rulebook, form: IntakeForm, blocks: Sequence[Block]) -> list[FieldFace]:
    """Return the fields in the order of the page, those of the layer with their blocks."""
    found = {str(block.key[1]): block for block in blocks if block.key != HEAD}
    places = {name: place for place, name in enumerate(found)}
    told = [_from_block(field_face(rules, form.id, field), found.get(field.name)) for field in form.fields.values()]
    ordered = [each for section in (*form.sections, "") for each in told if each.section == section]
    return [placed(each, ordered, places) for each in ordered]


def field_face(rules: Rulebook, form: str, field: Field) -> FieldFace:
    """Return a field of a form, or a column of the rows of one, as the rules have it: none of the layer's own yet."""
    return FieldFace(
        name=field.name,
        title=field.title,
        kind=KINDS.get(field.kind, field.kind),
        required=field.required,
        when=condition_words(rules, field.when, form),
        required_when=condition_words(rules, field.required_when, form),
        section=field.section,
        data={},
    )


def _from_block(face: FieldFace, block: Block | None) -> FieldFace:
    return replace(face, data=block.data, digest=block.digest, whole=block.whole) if block else face


def _from_blocks(blocks: Sequence[Block], head: Mapping[str, Any]) -> list[FieldFace]:
    """Return the fields of a file that does not compile as yet."""
    required = set(head.get("required", ()))
    found = [block for block in blocks if block.key != HEAD and isinstance(block.data, dict)]
    places = {str(block.key[1]): place for place, block in enumerate(found)}
    told = [_from_block(raw_face(str(block.key[1]), block.data, required), block) for block in found]
    return [placed(each, told, places) for each in told]


def raw_face(name: str, data: Mapping[str, Any], required: Set[str]) -> FieldFace:
    """Return a field, or a column of rows, as a file has it that does not compile as yet."""
    when = "有条件" if "x-when" in data else ""
    title, section = str(data.get("title", name)), str(data.get("x-section", ""))
    return FieldFace(name, title, "", name in required, when, "", section, data)


def placed(each: FieldFace, ordered: Sequence[FieldFace], places: Mapping[str, int]) -> FieldFace:
    """Return a field with how far it moves in its file to come before or behind its neighbour on the page."""
    if not each.own or "x-after" in each.data:
        return each
    beside = [o for o in ordered if o.own and o.section == each.section and "x-after" not in o.data]
    here = beside.index(each)
    up = places[beside[here - 1].name] - places[each.name] if here else 0
    down = places[beside[here + 1].name] - places[each.name] if here + 1 < len(beside) else 0
    return replace(each, up=up, down=down, place=places[each.name])


def _touches(rules: Rulebook, form: IntakeForm) -> Iterator[str]:
    """Yield in sentences what stands on a form, and which scenarios leave something required open."""
    told = [scenario for scenario in rules.scenarios if any(step.get("submit") == form.id for step in scenario.steps)]
    if told:
        yield f"有{len(told)}个情景填这张表单。"
    for field in form.fields.values():
        if field.required and field.when is None:
            without = [each for each in told if any(leaves_open(step, form.id, field.name) for step in each.steps)]
            if without:
                names = "、".join(f"“{each.label}”" for each in without[:3]) + ("等" if len(without) > 3 else "")
                yield f"“{field.title}”必填，而{len(without)}个情景没有填，要跟着改：{names}。"
    for use, found, words in (("ledger", rules.ledgers, "登记到台账"), ("notice", rules.notices, "印在文书上")):
        served = dict.fromkeys(
            each.partition(":")[2]
            for field in form.fields.values()
            for each in field.serves
            if each.startswith(f"{use}:")
        )
        if labels := [found[name].label for name in served if name in found]:
            yield f"{words}：{'、'.join(labels)}。"


def head_digest(blocks: Sequence[Block]) -> str:
    """Return the digest of what a form says besides its fields."""
    return next((block.digest for block in blocks if block.key == HEAD), digest_of(""))
