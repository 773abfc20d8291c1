"""Proving 验证: rules tried out in memory, by the same decisions that the engine stores.

memory     Memory: cases in memory, where verbs are done and time passes
scenarios  run(rulebook, scenario): given, when, then
looks      what a scenario can look at besides a case: duties, samples, meetings, indicators
coverage   which clauses are cited, and which are proven
citing     which rules cite which clause
living     which rules the running system lives, and not only decides
mutants    rules changed one by one, to see whether a scenario notices
matrix     the page that shows each clause with its rules
"""
