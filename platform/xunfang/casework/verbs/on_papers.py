"""The verbs of papers 文书: signed off or refused, made again, delivered, void; and what the machinery does to them."""

from xunfang.casework import signing
from xunfang.casework.draft import Draft
from xunfang.casework.issuing import number_paper, record_made
from xunfang.casework.jobs import ISSUE
from xunfang.casework.verb import Asked, Verb


def _sign(draft: Draft, asked: Asked) -> None:
    signing.sign_off(draft, draft.paper(asked.paper), asked.version)


def _refuse(draft: Draft, asked: Asked) -> None:
    signing.refuse_sign_off(draft, draft.paper(asked.paper), asked.version, asked.reason)


def _void(draft: Draft, asked: Asked) -> None:
    signing.void_paper(draft, draft.paper(asked.paper), asked.version, asked.reason)


def _remake(draft: Draft, asked: Asked) -> None:
    signing.remake_paper(draft, draft.paper(asked.paper), str(asked.payload.get("release", "")))


def _deliver(draft: Draft, asked: Asked) -> None:
    signing.deliver(draft, draft.paper(asked.paper), asked.unit, asked.way, asked.day)


def _number(draft: Draft, asked: Asked) -> None:
    number_paper(draft, draft.paper(str(asked.payload["notice"])))


def _made(draft: Draft, asked: Asked) -> None:
    record_made(draft, draft.paper(str(asked.payload["notice"])), asked.payload)


PAPER_VERBS = (
    Verb(
        id="sign-off",
        label="签发",
        name="签发",
        event="notice.signed",
        do=_sign,
        on="paper",
        acts=("sign-off",),
        who="signer",
        when=("draft",),
        done="已签发，文书编号印制后由制发单位送达。",
        first=True,
    ),
    Verb(
        id="refuse-sign-off",
        label="不予签发",
        name="不予签发",
        event="notice.refused",
        do=_refuse,
        on="paper",
        acts=("sign-off",),
        who="signer",
        when=("draft",),
        asks=("reason",),
        done="已退回，制发单位会看到理由。",
        careful=True,
    ),
    Verb(
        id="remake-paper",
        label="重新制作",
        name="重新制作",
        event="notice.wanted_again",
        do=_remake,
        on="paper",
        acts=("print", "operate"),
        who="anybody",
        when=("failed", "refused", "void"),
        done="文书正在重新制作，稍后在“文书”中查看。",
        versioned=False,
    ),
    Verb(
        id="deliver",
        label="登记送达",
        name="送达",
        event="notice.delivered",
        do=_deliver,
        on="paper",
        acts=("print",),
        who="reader",
        when=("issued",),
        asks=("addressee", "way", "day"),
        done="已登记送达；送达所有收文单位后，文书归档。",
        versioned=False,
    ),
    Verb(
        id="void-paper",
        label="作废",
        name="作废",
        event="notice.voided",
        do=_void,
        on="paper",
        acts=("sign-off", "print"),
        who="signer",
        when=("issued", "filed", "failed"),
        asks=("reason",),
        done="已作废，文号保留并注明作废；需要的可以重新制作。",
        careful=True,
    ),
    Verb(id="number-paper", label="编定文号", event="notice.numbered", do=_number, on="paper", who="machinery"),
    Verb(id=ISSUE, label="印制文书", event="notice.issued", do=_made, on="paper", who="machinery"),
)
"""Every verb of papers, in the order pages offer it."""
