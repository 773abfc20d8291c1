"""Floor 2: pure decisions. No IO, no clock, no globals, no rows: a rulebook, facts and a moment in, a plan out."""
