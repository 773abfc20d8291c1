"""The rules that rest on clauses, as sentences with their blocks, and what each clause comes to by the rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from xunfang.desk.studio.block_keys import key_said
from xunfang.desk.studio.block_pages import ids_told
from xunfang.desk.studio.blocks_beside import read_blocks
from xunfang.desk.studio.clause_faces import GapFace, RuleFace
from xunfang.desk.studio.files import layer_of
from xunfang.prove.carried import Carried, carried
from xunfang.prove.citing import Cited, citing
from xunfang.rulebook.block_order import family
from xunfang.rulebook.block_shapes import kind_of
from xunfang.rulebook.blocks import Block
from xunfang.rulebook.citations import cited_in, key_for
from xunfang.rulebook.clause_gaps import Gap, gaps
from xunfang.rulebook.files import Files
from xunfang.rulebook.kinds import KINDS
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.positions import Path
from xunfang.rules.describe import lines_of
from xunfang.rules.describe.behind import list_title

_BY_PART = {kind.part: kind.id for kind in KINDS.values()}
_ORDER = {id: place for place, id in enumerate(KINDS)}
Rule = tuple[str, str]
Place = tuple[str, Block]


@dataclass(frozen=True)
class Resting:
    """What a rulebook tells of its clauses."""

    book: Rulebook
    rests: Mapping[str, Sequence[Cited]]
    carried: Mapping[str, Carried]
    gaps: Mapping[str, Sequence[Gap]]
    texts: Mapping[Rule, str]
    order: Mapping[Rule, int]

    def label(self, rule: Rule) -> str:
        """Return under which heading a rule stands."""
        kind, id = rule
        word = KINDS[kind].heading or KINDS[kind].label
        return f"{word}：{list_title(self.book, id.partition('.')[0])}" if kind == "lists" else word

    def gaps_of(self, clause: str) -> list[GapFace]:
        """Return where the numbers of rules are not those of a clause, the looser first."""
        found = sorted(self.gaps.get(clause, ()), key=lambda each: not each.looser)
        return [
            GapFace(self._named(each), each.said.text, each.rule.text, each.looser, each.practice) for each in found
        ]

    def _named(self, gap: Gap) -> str:
        rules = self.book.deadlines if gap.kind == "deadlines" else self.book.duties
        return str(rules[gap.id].label)


@lru_cache(maxsize=4)
def resting(book: Rulebook) -> Resting:
    """Return what a rulebook tells of its clauses."""
    found: dict[str, list[Gap]] = {}
    for gap in gaps(book):
        found.setdefault(gap.clause, []).append(gap)
    texts = dict(_texts(book))
    order = {rule: place for place, rule in enumerate(texts)}
    return Resting(book, citing(book), carried(book), found, texts, order)


def _texts(book: Rulebook) -> Iterator[tuple[Rule, str]]:
    for kind, lines in lines_of(book):
        yield from (((kind, each.id), each.sentence) for each in lines)
    for list_id, entries in book.lists.items():
        yield from ((("lists", f"{list_id}.{each.id}"), each.label) for each in entries.entries.values())


class Places:
    """The blocks of a draft by the rules that they write, one's own before those of layers above."""

    def __init__(self, files: Files, layer: str, chain: Sequence[str]) -> None:
        self.layer = layer
        rank = {each: place for place, each in enumerate((layer, *reversed(chain)))}
        paths = [path for path in files if layer_of(path) in rank and _kind(path)]
        paths.sort(key=lambda path: (rank[layer_of(path)], path))
        self.blocks = {path: read_blocks(path, files[path])[0] for path in paths}
        self._found: dict[Rule, Place] = {}
        for path, blocks in self.blocks.items():
            for block in blocks:
                for id in ids_told(path, block):
                    self._found.setdefault((_kind(path), id), (path, block))

    def of(self, rule: Rule) -> Place | None:
        """Return the file and the block of a rule, of the whole for a part that has none."""
        kind, id = rule
        while id:
            if (kind, id) in self._found:
                return self._found[kind, id]
            id = id.rpartition(".")[0]
        return None

    def is_own(self, path: str) -> bool:
        """Return whether a file is of one's own layer."""
        return layer_of(path) == self.layer

    def cited(self, path: str, key: Path, clause: str) -> list[str]:
        """Return the blocks of a rule of one's own that cite a clause, as a page posts them."""
        blocks = self.blocks[path] if self.is_own(path) else ()
        within = family([block.key for block in blocks], key)
        return [token(path, blocks[n]) for n in within if clause in cited_in(blocks[n].data)]


def _kind(path: str) -> str:
    return _BY_PART.get(kind_of(path), "")


def token(path: str, block: Block) -> str:
    """Return a block as a page posts it: its file, its digest, its key."""
    return f"{path}#{block.digest}#{key_said(block.key)}"


def rules_on(
    clause: str, told: Resting, places: Places, *, whole: bool = False
) -> list[tuple[str, Sequence[RuleFace]]]:
    """Return the rules that rest on a clause, by what they are.

    Where the `whole` is told, with the blocks of one's own that cite it.
    """
    rules = [(each.kind, each.id) for each in told.rests.get(clause, ())]
    rules.sort(key=lambda rule: (_ORDER[rule[0]], told.order.get(rule, 0)))
    faces = [_face(clause, rule, told, places, whole=whole) for rule in rules]
    return [(label, list(found)) for label, found in groupby(faces, lambda face: told.label((face.kind, face.id)))]


def _face(clause: str, rule: Rule, told: Resting, places: Places, *, whole: bool) -> RuleFace:
    place, text = places.of(rule), told.texts.get(rule, rule[1])
    if place is None:
        return RuleFace(*rule, text, "", "", own=False)
    path, block = place
    cited = places.cited(path, block.key, clause) if whole else ()
    return RuleFace(*rule, text, path, key_said(block.key), places.is_own(path), cited)


def attachable(clause: str, told: Resting, places: Places) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """Return the rules of one's own that may cite a clause and do not, by what they are."""
    found: dict[str, list[tuple[str, str]]] = {}
    for rule, text in told.texts.items():
        place = places.of(rule)
        if place is None or not places.is_own(place[0]):
            continue
        path, block = place
        name = key_for(path, block.key)
        if name and clause not in block.data.get(name, ()) and rule[1] in ids_told(path, block):
            found.setdefault(told.label(rule), []).append((token(path, block), text))
    return list(found.items())
