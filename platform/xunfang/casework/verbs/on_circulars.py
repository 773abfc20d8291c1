"""The verbs of circulars 通报: a unit that supervises drafts them, whoever answers for it signs them off."""

from xunfang.casework import circulars
from xunfang.casework.jobs import PRINT_CIRCULAR
from xunfang.casework.verb import Verb

CIRCULAR_VERBS = (
    Verb(
        id="draft-circular",
        label="起草通报",
        name="起草",
        event="circular.drafted",
        do=circulars.draft_circular,
        on="circular",
        acts=("supervise",),
        done="已起草，印好草稿后送签发人。",
        elsewhere=True,
    ),
    Verb(
        id="withdraw-circular",
        label="撤回通报",
        name="撤回",
        event="circular.withdrawn",
        do=circulars.withdraw,
        on="circular",
        acts=("supervise",),
        asks=("reason",),
        done="已撤回，没有印发。",
        elsewhere=True,
    ),
    Verb(
        id="sign-circular",
        label="签发通报",
        name="签发",
        event="circular.signed",
        do=circulars.sign,
        on="circular",
        acts=("sign-off",),
        done="已签发，编号印制后告知被通报的单位。",
        elsewhere=True,
    ),
    Verb(
        id="refuse-circular",
        label="不予签发",
        name="不予签发",
        event="circular.refused",
        do=circulars.refuse,
        on="circular",
        acts=("sign-off",),
        asks=("reason",),
        done="没有签发，已告知起草单位。",
        elsewhere=True,
    ),
    Verb(
        id="number-circular",
        label="编定通报文号",
        event="circular.issued",
        do=circulars.number_circular,
        on="circular",
        who="machinery",
    ),
    Verb(
        id=PRINT_CIRCULAR,
        label="印制通报",
        event="circular.issued",
        do=circulars.record_made,
        on="circular",
        who="machinery",
    ),
)
"""In the order pages offer them."""
