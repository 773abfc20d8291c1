"""Draws 抽取 in words: from how many how many were drawn, by which seed, and whether the same comes of it again."""

from xunfang.casework.drawing import drawn_again
from xunfang.casework.rows import Drawing
from xunfang.clock import local_date
from xunfang.desk.faces.duties import DrawingFace, StratumFace
from xunfang.desk.moments import day
from xunfang.desk.releases import Releases


def drawing_face(drawing: Drawing, rules: Releases, things: int) -> DrawingFace:
    """Return a draw for its page; `things` is how many came to be owed by it, those who stood in among them."""
    rulebook = rules.of(drawing.release).on(local_date(drawing.drawn_at))
    days = f"{day(drawing.first)}至{day(drawing.last)}" if drawing.first and drawing.last else ""
    again = drawn_again(rulebook, drawing)
    return DrawingFace(
        unit="件" if days else "人",
        population=drawing.population,
        drawn=len(drawing.drawn),
        at=drawing.drawn_at,
        seed=drawing.seed,
        digest=drawing.digest,
        days=days,
        minimum=drawing.minimum,
        strata=tuple(
            StratumFace(
                str(row["label"]), share_words(str(row["share"]), count=bool(row["count"])), row["had"], row["wanted"]
            )
            for row in drawing.strata
        ),
        same=again == drawing.drawn,
        instead=max(0, things - len(drawing.drawn)),
    )


def share_words(share: str, *, count: bool) -> str:
    """Return how much of a stratum is drawn: all, so many, or so much of a hundred."""
    if count:
        return f"{share}件"
    if share == "all":
        return "全部"
    return f"{float(share) * 100:g}%"
