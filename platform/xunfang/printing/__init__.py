"""Official papers: facts and a county's template in, a PDF set by GB/T 9704-2012 out."""

from xunfang.printing.fonts import missing_faces
from xunfang.printing.order import Paper, PrintError, PrintOrder
from xunfang.printing.placeholders import unknown_placeholders
from xunfang.printing.press import Press, print_paper, warm_up
from xunfang.printing.proofs import proofs

__all__ = [
    "Paper",
    "Press",
    "PrintError",
    "PrintOrder",
    "missing_faces",
    "print_paper",
    "proofs",
    "unknown_placeholders",
    "warm_up",
]
