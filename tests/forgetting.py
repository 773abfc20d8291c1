"""Everything that a process keeps from one check to the next, forgotten: what comes next comes as in a new process."""

import sys
from functools import _lru_cache_wrapper

from xunfang.printing.rendering import _Compiled


def forget() -> None:
    """Forget whatever was read, merged, found sound or tried."""
    for module in [module for name, module in sys.modules.items() if name.startswith("xunfang.")]:
        for kept in [kept for kept in vars(module).values() if isinstance(kept, _lru_cache_wrapper)]:
            kept.cache_clear()
    sys.modules["xunfang.printing.proofs"]._PRINTS.clear()
    _Compiled.kept.clear()
