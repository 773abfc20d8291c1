"""Handling what people supply in a child process: limited, alone, and killed when it takes too long.

frames   messages between a process and its child
limits   what a child may cost, and what the kernel refuses it
serving  the child's side: a loop that answers orders
child    the parent's side: one running child
warm     the parent's side: a child kept warm, replaced at need, shared by threads
"""

from xunfang.confinement.child import Confined
from xunfang.confinement.frames import HangupError
from xunfang.confinement.limits import Limits
from xunfang.confinement.serving import Answer, serve
from xunfang.confinement.warm import WarmChild

__all__ = ["Answer", "Confined", "HangupError", "Limits", "WarmChild", "serve"]
