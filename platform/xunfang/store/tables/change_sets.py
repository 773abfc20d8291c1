"""Change sets 改动单, and where the rules of a jurisdiction are kept."""

from xunfang.casework.rows import ChangeSet, DraftComment, DraftEdit, DraftFile, DraftTrial, RuleSource
from xunfang.store.rows import table

table(
    "change_set",
    indexes=[("jurisdiction", "made_at", "id")],
    references={"base": "release"},
    sealed=("why", "reason"),
)(ChangeSet)
table("draft_file", unique=[("change_set", "path")], references={"change_set": "change_set"})(DraftFile)
table("draft_edit", indexes=[("change_set", "id")], references={"change_set": "change_set"})(DraftEdit)
table("draft_comment", indexes=[("change_set", "id")], references={"change_set": "change_set"}, sealed=("text",))(
    DraftComment
)
table("draft_trial", unique=[("change_set", "gate", "digest")], references={"change_set": "change_set"})(DraftTrial)
table("rule_source", key=("jurisdiction",))(RuleSource)

__all__ = ["ChangeSet", "DraftComment", "DraftEdit", "DraftFile", "DraftTrial", "RuleSource"]
