"""Can it work? Names all exist by now; these checks look for rules that cannot carry a case to its end.

flows      states nobody can leave, reach or receive; papers nobody prints
routing    rows that can never fire, rows that overlap, choices that no row covers
terms      deadlines, papers and forms of states and rows that cannot be used where their tasks stand
personal   numbers of people that would lie open, answers taken for what they are not
answerable answers that nobody can give: hidden, forbidden, or without a way on
alerts     events that nobody can declare, and the duties that wait for them
duties     categories that no duty looks after, and duties that nobody can hand in
numbers    soft words, shares and limits that are still to be set
extensions extensions that make no limit longer
below      what each layer makes of what stands above it; promises, paces, rarer, raised and offices compare by it:
promises   deadlines that a lower layer makes longer, or takes away, without a clause of its own (lengths)
paces      states, cases and rows that go by a longer deadline there, or none
rarer      duties that are asked for there less often, later, of fewer or no more
reminders  reminders that would come before the limit begins
review     what only a given day shows: clauses out of force or long unread, rows whose choices are retired, years
           without a calendar
standing   layers that reach no case, because one above them is served (told by `check`, which knows who is)
receivers  units gone, or that some division does not have (a part of the review)
points     where conditions are asked, and what is known there
conditions conditions that can never hold or always do (domains: sets and intervals)
thresholds values that rows leave to nobody, or give to two
dispatches ways out of a dispatch that nobody takes
endings    flows without end or number, flows that start themselves
omissions  outcomes that are deemed to be so and cannot come about by themselves
offices    offices that close later than a layer above gives
days_off   days off that a lower layer adds without naming what they rest on
places     units, and divisions of samples, that no residence reaches
successions divisions that hang in the air, that end and leave nobody in their place, or two
nesting    limits of parts that do not fit inside the limit of the whole case
set_limits limits set for one case beyond their bound
times      days, reminders and limits that cannot be meant
twice      labels and names that stand twice
unprintable words with characters that no paper can show
raised     caps that a lower layer raises or takes away, samples that it makes smaller, people of whom it wants fewer
history    what flows count of their cases and nobody asks, or what can never be reached
strata     samples whose strata are swallowed by others or lie outside of what is drawn from, and ratios that are none
caps       caps of programmes that are never asked, or count what no form tells
rhythms    how often people are visited: what never binds, or cannot be told apart
quotas     quotas of which one part never binds
served     divisions that the unit of another one serves, and that are not there or have one already
off_hours  who is named to answer off hours and never hears of anything
fillable   fields that leave no room for what belongs in them
feeds      lists of departments that cannot be taken in
meetings   meetings that are held otherwise than their rules seem to say
indicators parts that are always, or never, all of the whole, and scores that nobody can earn
unused     what a served layer adds and nothing uses
listed     what counted and listed things tell (for points)
finite     what the others share: the facts that rules sort by
"""

from xunfang.division import DivisionTree
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.lint import (
    alerts,
    answerable,
    caps,
    conditions,
    days_off,
    dispatches,
    duties,
    endings,
    extensions,
    feeds,
    fillable,
    flows,
    history,
    indicators,
    meetings,
    nesting,
    numbers,
    off_hours,
    offices,
    omissions,
    paces,
    personal,
    places,
    promises,
    quotas,
    raised,
    rarer,
    reminders,
    rhythms,
    routing,
    served,
    set_limits,
    strata,
    successions,
    terms,
    thresholds,
    times,
    twice,
    unprintable,
    unused,
)


def lint(draft: Draft, divisions: DivisionTree) -> None:
    """Note everything in a linked draft that cannot work."""
    flows.lint(draft)
    fillable.lint(draft)
    personal.lint(draft)
    answerable.lint(draft)
    routing.lint(draft)
    terms.lint(draft)
    conditions.lint(draft, divisions)
    thresholds.lint(draft)
    dispatches.lint(draft)
    endings.lint(draft)
    places.lint(draft)
    successions.lint(draft, divisions)
    served.lint(draft, divisions)
    quotas.lint(draft)
    times.lint(draft)
    nesting.lint(draft)
    twice.lint(draft)
    unprintable.lint(draft, divisions)
    duties.lint(draft)
    rhythms.lint(draft, divisions)
    alerts.lint(draft)
    numbers.lint(draft)
    strata.lint(draft)
    promises.lint(draft)
    paces.lint(draft)
    rarer.lint(draft)
    offices.lint(draft)
    days_off.lint(draft)
    off_hours.lint(draft)
    omissions.lint(draft)
    set_limits.lint(draft)
    extensions.lint(draft)
    reminders.lint(draft)
    caps.lint(draft)
    raised.lint(draft)
    history.lint(draft)
    feeds.lint(draft)
    indicators.lint(draft)
    meetings.lint(draft)
    unused.lint(draft)
