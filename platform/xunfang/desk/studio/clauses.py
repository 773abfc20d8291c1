"""The texts of policies with, beside every clause, the rules that rest on it; and one clause by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from xunfang.desk.studio.block_keys import NEW, adds_by_id, key_said, problems_by_block
from xunfang.desk.studio.block_pages import Desk
from xunfang.desk.studio.blocks_beside import read_blocks
from xunfang.desk.studio.clause_faces import (
    STANDING,
    ClauseFace,
    ClausePage,
    ClausesPage,
    DocumentFace,
    NewClausePage,
    NewRule,
    PolicyTextPage,
    TextRow,
)
from xunfang.desk.studio.clause_rules import Places, attachable, resting, rules_on
from xunfang.desk.studio.files import layer_names, layer_of
from xunfang.errors import NotFound
from xunfang.prove.carried import Carried
from xunfang.rulebook.block_shapes import kind_of, shape_at
from xunfang.rulebook.blocks import Block, digest_of
from xunfang.rulebook.citations import key_for
from xunfang.rulebook.files import Files
from xunfang.rulebook.merge import ROWS
from xunfang.rulebook.policy_texts import LaidOut, Segment, Written, laid_out, proposed_id, text_path, written_in
from xunfang.rulebook.positions import Path

BARE, GAPS = "bare", "gaps"
DOCUMENTS, CLAUSES = "documents", "clauses"


def own_path(layer: str) -> str:
    """Return the path of a layer's own documents."""
    return f"workflows/{layer}/policies.toml"


def clause_key(document: str, clause: str) -> Path:
    """Return the key of the block of a clause."""
    return (DOCUMENTS, document, CLAUSES, clause)


def text_of(files: Files, document: Written) -> str:
    """Return the whole text of a document, "" for one that nobody has put there."""
    return files.get(text_path(document.layer, document.id), "")


class Policies:
    """The documents of a draft."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.draft, self.book = desk, desk.draft, desk.named_by
        self.told, self.path = resting(self.book), own_path(self.draft.layer)
        above = [layer for layer in self.book.chain if layer != self.draft.layer]
        self.written = written_in(self.draft.files, [self.draft.layer, *reversed(above)])
        self.names = layer_names(self.draft.files)
        self.had = {id for each in written_in(self.draft.base, [self.draft.layer]) for id in each.clauses}

    @cached_property
    def places(self) -> Places:
        """The blocks of the draft by the rules that they write."""
        return Places(self.draft.files, self.draft.layer, self.book.chain)

    @cached_property
    def blocks(self) -> Mapping[Path, Block]:
        """The blocks of one's own documents."""
        return {block.key: block for block in self._read[0]}

    @cached_property
    def _read(self) -> tuple[Sequence[Block], str]:
        text = self.draft.files.get(self.path)
        return ((), "") if text is None else read_blocks(self.path, text)

    @property
    def unread(self) -> str:
        """Why one's own documents cannot be edited, "" where they can."""
        return self._read[1]

    def document(self, id: str) -> Written:
        """Return a document; raises NotFound."""
        found = next((each for each in self.written if each.id == id), None)
        if found is None:
            raise NotFound
        return found

    def of_clause(self, id: str) -> Written:
        """Return the document that a clause is of; raises NotFound."""
        found = next((each for each in self.written if id in each.clauses), None)
        if found is None:
            raise NotFound
        return found

    def is_own(self, document: Written) -> bool:
        """Return whether a document is written in one's own layer."""
        return document.layer == self.draft.layer

    def laid(self, document: Written) -> LaidOut:
        """Return the text of a document by its passages."""
        return laid_out(text_of(self.draft.files, document), document.words)

    def clause(self, document: Written, id: str, *, strays: bool, whole: bool = False) -> ClauseFace:
        """Return a clause with all that rests on it."""
        data, not_software = document.clauses[id], str(document.clauses[id].get("not_software", ""))
        rules = rules_on(id, self.told, self.places, whole=whole)
        standing = self.told.carried.get(id, Carried.NO_SOFTWARE if not_software else Carried.NOTHING)
        word, look = STANDING[standing]
        if not self.is_own(document) and standing is Carried.UNPROVEN:
            word, look = "有规则", ""
        return ClauseFace(
            id=id,
            words=document.words[id],
            standing=word,
            look=look,
            not_software=not_software,
            reviewed=data.get("reviewed"),
            rules=rules,
            gaps=self.told.gaps_of(id),
            strays=strays,
            is_new=self.is_own(document) and id not in self.had,
        )

    def face(self, document: Written, only: str = "", *, shown: bool = True) -> DocumentFace:
        """Return a document, with its passages where it is to be `shown`."""
        text, laid = text_of(self.draft.files, document), self.laid(document)
        lost = set(laid.missing) if text else set()
        policy = self.book.policies.get(document.id)
        rests, gaps = self.told.rests, self.told.gaps
        bare = [id for id, data in document.clauses.items() if id not in rests and not data.get("not_software")]
        own = self.is_own(document)
        made = DocumentFace(
            id=document.id,
            title=str(document.data.get("title") or (policy.title if policy else document.id)),
            number=str(document.data.get("number", "")),
            issuer=str(document.data.get("issuer", "")),
            by="" if own else self.names.get(document.layer, document.layer),
            has_text=bool(text),
            rows=(),
            clauses=len(document.clauses),
            bare=len(bare),
            gaps=sum(id in gaps or id in lost for id in document.clauses),
        )
        if not shown:
            return made
        faces = {id: self.clause(document, id, strays=id in lost) for id in document.clauses}
        rows = _picked(faces, only) if only else [*_passages(laid, faces), *_loose(faces, laid.missing)]
        return replace(made, rows=rows)


def _picked(faces: Mapping[str, ClauseFace], only: str) -> list[TextRow]:
    found = [id for id, face in faces.items() if (face.is_bare if only == BARE else bool(face.gaps) or face.strays)]
    return list(_loose(faces, found))


def _passages(laid: LaidOut, faces: Mapping[str, ClauseFace]) -> Iterator[TextRow]:
    for each in laid.passages:
        yield TextRow(each.number, each.heading, each.segments, [faces[id] for id in each.begins])


def _loose(faces: Mapping[str, ClauseFace], ids: Sequence[str]) -> Iterator[TextRow]:
    for id in ids:
        yield TextRow(None, heading=False, segments=[Segment(faces[id].words, (id,), (id,))], clauses=[faces[id]])


def clauses_page(desk: Desk, chosen: str = "", only: str = "") -> ClausesPage:
    """Return the documents of one's own, or the one that was `chosen`; `only` those clauses that want something."""
    found = Policies(desk)
    only = only if only in (BARE, GAPS) else ""
    shown = [found.document(chosen)] if chosen else [each for each in found.written if found.is_own(each)]
    return ClausesPage(
        head=desk.draft.head,
        path=found.path if found.path in desk.draft.files else "",
        unread=found.unread,
        shown=[found.face(each, only) for each in shown],
        documents=[found.face(each, shown=False) for each in found.written],
        chosen=chosen,
        only=only,
        problems=len(desk.found.problems),
    )


def clause_page(desk: Desk, id: str) -> ClausePage:
    """Return one clause; raises NotFound."""
    found = Policies(desk)
    document = found.of_clause(id)
    block = found.blocks.get(clause_key(document.id, id)) if found.is_own(document) else None
    wrong = problems_by_block(list(found.blocks.values()), desk.found.problems, found.path)
    may = desk.draft.head.editable
    strays = bool(text_of(desk.draft.files, document)) and id in found.laid(document).missing
    return ClausePage(
        head=desk.draft.head,
        document=found.face(document, shown=False),
        clause=found.clause(document, id, strays=strays, whole=True),
        digest=block.digest if block else "",
        whole=block.whole if block else "",
        may=may,
        problems=wrong.get(block.key, []) if block else [],
        choices=attachable(id, found.told, found.places) if may else [],
        begins=list(_begins(desk)) if may else [],
    )


def _begins(desk: Desk) -> Iterator[NewRule]:
    """Yield the kinds of rule of which one's own files may hold another that says on what it rests."""
    layer = desk.draft.layer
    for path in sorted(desk.draft.files):
        if layer_of(path) != layer or not kind_of(path) or path.count("/") != 2 or not path.endswith(".toml"):
            continue
        if kind_of(path) == "routing":
            yield from _begins_of_rows(path, read_blocks(path, desk.draft.files[path])[0])
        shape = shape_at(path, ())
        for label, key in adds_by_id(shape, ()) if shape else ():
            if key_for(path, key):
                yield NewRule(label, path, key_said(key))


def _begins_of_rows(path: str, blocks: Sequence[Block]) -> Iterator[NewRule]:
    for table in dict.fromkeys(str(block.key[0]) for block in blocks if block.key):
        rows = [block for block in blocks if block.key[:2] == (table, ROWS)]
        label = next((str(block.data.get("label", table)) for block in blocks if block.key == (table,)), table)
        yield NewRule(f"分派行（{label}）", path, key_said((table, ROWS, len(rows))))


def new_clause_page(desk: Desk, document_id: str, words: str = "", passage: int | None = None) -> NewClausePage:
    """Return a clause to be made of some words, or of a whole passage; raises NotFound."""
    found = Policies(desk)
    document = found.document(document_id)
    if not found.is_own(document) or not desk.draft.head.editable:
        raise NotFound
    laid = found.laid(document)
    if passage is not None:
        words = next((each.words for each in laid.passages if each.number == passage), "")
    before, _ = beside(document, text_of(desk.draft.files, document), words)
    taken = {id for each in found.written for id in each.clauses}
    own_id = proposed_id(document_id, before or next(reversed(list(document.clauses)), ""), taken)
    return NewClausePage(desk.draft.head, found.face(document, shown=False), own_id, words)


def beside(document: Written, text: str, words: str) -> tuple[str, str]:
    """Return the clauses before and behind which a new one stands in a text; "" for none."""
    order = laid_out(text, {**document.words, NEW: words}).order if text else ()
    if NEW not in order:
        return "", ""
    at = order.index(NEW)
    return (order[at - 1] if at else ""), (order[at + 1] if at + 1 < len(order) else "")


def policy_text_page(desk: Desk, document_id: str, typed: str | None = None) -> PolicyTextPage:
    """Return the whole text of a document, or as it was `typed`; raises NotFound."""
    found = Policies(desk)
    document = found.document(document_id)
    kept = text_of(desk.draft.files, document)
    text = kept if typed is None else typed
    return PolicyTextPage(
        head=desk.draft.head,
        document=found.face(document, shown=False),
        text=text,
        digest=digest_of(kept),
        may=found.is_own(document) and desk.draft.head.editable,
        lost=laid_out(text, document.words).missing if text else (),
    )
