"""Floor 1: read, layer, check, compile and lint a county's files into one immutable Rulebook.

The way through it: `files` (read) → `layers` (who inherits from whom) → `merge` (one tree, each value knowing its
file and line) → `shape` (is each file well formed) → `build` (typed objects) → `link` (does every name exist) →
`lint` (can it work) → `compile.compile_rulebook`.
"""
