"""Which kind of file a block is in, and what its kind lets it say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.compile import DEMO, DEMO_YEAR, FOLDERS, SINGLE
from xunfang.rulebook.positions import Path
from xunfang.rulebook.scenarios import BASE
from xunfang.rulebook.shape import shape

Schema = Mapping[str, Any]
SCENARIO = "scenario"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a place of a kind of file may say, and its path as `words_of` takes it."""

    kind: str
    path: str
    schema: Schema

    @property
    def named(self) -> str:
        """Return the name of the definition it refers to, "" for none."""
        return str(self.schema.get("$ref", "")).removeprefix("#/$defs/")

    @property
    def plain(self) -> Schema:
        """Return its schema with a reference followed."""
        found: Schema = shape(self.kind)["$defs"][self.named] if self.named else self.schema
        return found

    @property
    def properties(self) -> Mapping[str, Schema]:
        """Return what keys it knows."""
        found: Mapping[str, Schema] = self.plain.get("properties", {})
        return found

    @property
    def each(self) -> "Shape | None":
        """Return the shape of what stands under any id, None where ids cannot be made up."""
        others = self.plain.get("additionalProperties")
        return Shape(self.kind, _under(self.path, "*"), others) if isinstance(others, dict) else None

    @property
    def item(self) -> "Shape | None":
        """Return the shape of each element of a list."""
        each = self.plain.get("items")
        return Shape(self.kind, f"{self.path}[]", each) if isinstance(each, dict) else None

    def under(self, key: str) -> "Shape | None":
        """Return the shape of what stands under a key."""
        if key in self.properties:
            return Shape(self.kind, _under(self.path, key), self.properties[key])
        return self.each

    def is_required(self, key: str) -> bool:
        """Return whether a key must be there in the end, in this layer or one above."""
        return key in self.plain.get("required", ())


def _under(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def kind_of(path: str) -> str:
    """Return the kind of a file, as its schema is called; "" for one that has none: answers, demonstrations, papers."""
    folder, _, *rest = path.split("/")
    name, _, ending = rest[-1].rpartition(".") if rest else ("", "", "")
    if folder == "forms" and ending == "json":
        return "form"
    if folder != "workflows" or ending != "toml" or rest[-1] in {DEMO, DEMO_YEAR}:
        return ""
    if len(rest) == 2:
        scenario = SCENARIO if rest[0] == "scenarios" and name != BASE else ""
        return FOLDERS.get(rest[0], scenario)
    return name if name in SINGLE else ""


def shape_at(path: str, key: Path) -> Shape | None:
    """Return the shape of a block of a file, None where its kind tells nothing of it."""
    kind = kind_of(path)
    found = Shape(kind, "", shape(kind)) if kind else None
    for part in key:
        if found:
            found = found.item if isinstance(part, int) else found.under(part)
    return found
