"""The program's own code, parsed and walked through once for all tests of a process that read it."""

import ast
import gc
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "platform" / "xunfang"


@cache
def parsed() -> dict[str, ast.Module]:
    """Return every module by its path within the package."""
    files = sorted(PACKAGE.rglob("*.py"))
    gc.disable()  # a million nodes, none of them lost: the collector would look through them again and again
    try:
        return {file.relative_to(PACKAGE).as_posix(): ast.parse(file.read_text("utf-8"), str(file)) for file in files}
    finally:
        gc.freeze()
        gc.enable()


@cache
def walked(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return all nodes below one, the same each time."""
    return tuple(ast.walk(tree))
