"""Can it work? Names all exist by now; these checks look for rules that cannot carry a case to its end.

flows      states nobody can leave, reach or receive; papers nobody prints
routing    rows that can never fire, rows that overlap, choices that no row covers
duties     categories that no duty looks after
numbers    soft words, shares and limits that are still to be set
extensions extensions that make no limit longer, or more time than a layer above gives
promises   a lower layer slower than its parent without a clause of its own
reminders  reminders that would come before the limit begins
review     what only a given day shows: clauses out of force or long unread, rows whose choices are retired, years
           without a calendar
receivers  units gone, or that some division does not have (a part of the review)
finite     what the others share: the facts that rules sort by
"""

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint import duties, extensions, flows, numbers, promises, reminders, routing


def lint(draft: Draft) -> None:
    """Note everything in a linked draft that cannot work."""
    flows.lint(draft)
    routing.lint(draft)
    duties.lint(draft)
    numbers.lint(draft)
    promises.lint(draft)
    extensions.lint(draft)
    reminders.lint(draft)
