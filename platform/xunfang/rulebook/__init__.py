"""Floor 1: read, layer, check, compile and lint a county's files into one immutable Rulebook.

The way through it: `files` (read) → `layers` (who inherits from whom) → `merge` (one tree, each value knowing its
file and line) → `shape` (is each file well formed) → `kinds` (each builds its typed objects, then links: does every
name exist) → `lint` (can it work) → `compile.compile_rulebook`. `model` names every type for the floors above.
"""
