"""规则说明: the rules in force as sentences, each with the clauses it rests on, and what stands behind them."""

from functools import lru_cache

from flask import request

from xunfang.rulebook.model import Rulebook
from xunfang.rules.describe import Section, behind, sentences
from xunfang.web.views.secure import SecureView, expose


class RulesView(SecureView):
    """The rules of the person's jurisdiction, for people who read no files."""

    @expose("/")
    def index(self) -> str:
        """Show every rule, or those that hold some words."""
        text = request.args.get("q", "").strip()[:50]
        return str(self.render("pages/rules.html", sections=_holding(self.rulebook, text), text=text))


@lru_cache(maxsize=8)
def _all(rulebook: Rulebook) -> tuple[Section, ...]:
    return (*sentences(rulebook), *behind(rulebook))


def _holding(rulebook: Rulebook, text: str) -> list[Section]:
    """Return the rules whose sentence holds the words; every rule without any."""
    narrowed = (Section(part.title, [line for line in part.lines if text in line.text]) for part in _all(rulebook))
    return [part for part in narrowed if part.lines]
