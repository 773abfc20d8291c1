"""Coverage not lower: which clauses the release in force carries out, and a draft of it does not."""

from dataclasses import dataclass

from xunfang.prove.coverage import Coverage


@dataclass(frozen=True, slots=True)
class Loss:
    """What becomes of the clauses that a release carries out.

    `undecided`: no rule with a scenario decides them any more; `unlived`: decided still, but the running system no
    longer does all that their rules say. `gone`: they have left the documents themselves, which is for people to judge.
    `gained`: what only the draft decides.
    """

    undecided: tuple[str, ...] = ()
    unlived: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()

    @property
    def lower(self) -> bool:
        """Whether less is carried out than before."""
        return bool(self.undecided or self.unlived)


def loss(before: Coverage, after: Coverage) -> Loss:
    """Return what a draft loses and gains of what the release in force carries out, each in the documents' order."""
    there, decided = set(after.clauses), settled(after)
    was, is_lived = settled(before), after.lived
    undecided = [clause for clause in before.clauses if clause in was & there and clause not in decided]
    lived = [clause for clause in before.clauses if clause in before.lived & there and clause not in is_lived]
    return Loss(
        undecided=tuple(undecided),
        unlived=tuple(clause for clause in lived if clause in after.exercised),
        gone=tuple(clause for clause in before.clauses if clause in was and clause not in there),
        gained=tuple(clause for clause in after.clauses if clause in decided and clause not in was),
    )


def settled(coverage: Coverage) -> frozenset[str]:
    """Return the clauses that nothing is missing for: a scenario proves them, or they need no software."""
    return coverage.exercised | {clause for clause, _ in coverage.not_software}
