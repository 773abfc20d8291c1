"""What has to be read beside things so that somebody can be told certain facts of them: nothing is read for nobody."""

from collections.abc import Iterable, Iterator, Mapping

from xunfang.store.reading.lines import ALL, Part, Parts

_OF_ROOT: Mapping[str, tuple[Part, ...]] = {
    "case": (Part.LATEST,),
    "clue": (Part.CLUES, Part.REPORTED),
    "task": (Part.TASKS,),
    "notice": (Part.NOTICES,),
    "household": (Part.HOUSEHOLD, Part.HELD, Part.GIVEN),
    "entitlement": (Part.GIVEN,),
    "visit": (Part.VISITS,),
}
_OF_PATH: Mapping[str, tuple[Part, ...]] = {
    "case.reported_in_time": (Part.CLUES, Part.LATEST),
    "person.phone": (Part.CLUES,),
    "person.category": (Part.HELD,),
    "person.categories": (Part.HELD,),
    "person.entitled": (Part.GIVEN,),
    "publication.objections": (Part.OBJECTIONS,),
}
_NOTHING_BESIDE = frozenset({"person", "publication", "duty", "unit"})


def parts_for(of: str, paths: Iterable[str]) -> Parts:
    """Return the parts that facts of a kind of thing rest on; all of them for a fact that is not known here.

    A bare name is the thing's own. Whatever is told of a person, their line opens their latest case.
    """
    asked = (path if "." in path else f"{of}.{path}" for path in paths)
    opened = frozenset({Part.LATEST} if of == "person" else ())
    return opened | frozenset(part for path in asked for part in _parts(path))


def _parts(path: str) -> Iterator[Part]:
    root = path.partition(".")[0]
    yield from _OF_PATH.get(path, () if root in _NOTHING_BESIDE else _OF_ROOT.get(root, ALL))
