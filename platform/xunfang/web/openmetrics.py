"""OpenMetrics text (version 1.0.0): families of samples, as Prometheus and its like read them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    """Samples of one name: gauge, counter, info or histogram. Each is what is added to the name, labels and value."""

    name: str
    type: str
    told: str
    samples: tuple[tuple[str, Labels, float], ...]


def gauge(name: str, told: str, samples: Iterable[tuple[Labels, float]]) -> Family:
    """Return what goes up and down."""
    return Family(name, "gauge", told, tuple(("", labels, value) for labels, value in samples))


def counter(name: str, told: str, samples: Iterable[tuple[Labels, float]]) -> Family:
    """Return what only grows, from the beginning of the process."""
    return Family(name, "counter", told, tuple(("_total", labels, value) for labels, value in samples))


def histogram(
    name: str, told: str, bounds: tuple[float, ...], samples: Iterable[tuple[Labels, tuple[int, ...], float]]
) -> Family:
    """Return how many fell between two bounds each (one more than bounds), and their sum."""
    return Family(name, "histogram", told, tuple(each for row in samples for each in _buckets(bounds, *row)))


def _buckets(
    bounds: tuple[float, ...], labels: Labels, counts: tuple[int, ...], total: float
) -> Iterator[tuple[str, Labels, float]]:
    for bound, many in zip((*map(str, bounds), "+Inf"), accumulate(counts), strict=True):
        yield "_bucket", {**labels, "le": bound}, many
    yield "_count", labels, sum(counts)
    yield "_sum", labels, total


def written(families: Iterable[Family]) -> str:
    """Return families as text."""
    return "".join(f"{line}\n" for family in families for line in _lines(family)) + "# EOF\n"


def _lines(family: Family) -> Iterator[str]:
    yield f"# TYPE {family.name} {family.type}"
    yield f"# HELP {family.name} {_escaped(family.told)}"
    for ending, labels, value in family.samples:
        told = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
        yield f"{family.name}{ending}{f'{{{told}}}' if told else ''} {value:.10g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
