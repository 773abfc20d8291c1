"""Floor 8: everything that is to be said of the rules of a jurisdiction: will they compile, work, and print?

judging   check, verdict: in this process, for files that its own people wrote
child     the same and more for drafts, in a confined child: what may harm stays there
desk      what the child does: one order after the other, on the files that it holds
county    the server's side: one child, what it holds, and what it was killed over
examiner  Examiner: a child for each jurisdiction that somebody drafts for, a few at most; imported by whoever needs it
"""

from xunfang.checking.judging import (
    Besides,
    Checked,
    Verdict,
    check,
    check_all,
    collecting_nothing,
    compile_all,
    rule_files,
    stopping,
    verdict,
)

__all__ = [
    "Besides",
    "Checked",
    "Verdict",
    "check",
    "check_all",
    "collecting_nothing",
    "compile_all",
    "rule_files",
    "stopping",
    "verdict",
]
