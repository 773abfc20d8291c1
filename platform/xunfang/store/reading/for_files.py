"""What SQLite alone is told: it plans by its indexes and cannot know how many rows each holds; a server counts."""

from typing import Any

from peewee import WrappedNode


class ForFiles(WrappedNode):
    """Something that SQLite is told in another way; to PostgreSQL it is as it is."""

    def __sql__(self, ctx: Any) -> Any:
        return self.told(ctx) if ctx.state.param == "?" else ctx.sql(self.node)

    def told(self, ctx: Any) -> Any:
        """Write what SQLite is told."""
        raise NotImplementedError


class Otherwise(ForFiles):
    """A condition that SQLite is told in other words."""

    def __init__(self, node: Any, in_file: Any) -> None:
        super().__init__(node)
        self.in_file = in_file

    def told(self, ctx: Any) -> Any:
        """Write it in these."""
        return ctx.sql(self.in_file)


class Apart(ForFiles):
    """A column by which no index is looked up."""

    def told(self, ctx: Any) -> Any:
        """Write it as a value of its own."""
        return ctx.literal("COALESCE(").sql(self.node).literal(", NULL)")


class Unordered(ForFiles):
    """A column by which rows are ordered, and in whose order none are gone through."""

    def told(self, ctx: Any) -> Any:
        """Write it as a query of its own."""
        return ctx.literal("(SELECT ").sql(self.node).literal(")")


class FoundBy(ForFiles):
    """A table in which rows are found by an index and no other.

    Of what presses it took the one that holds every open task, and read all of them: 5.8 s at a million cases.
    """

    def __init__(self, table: Any, index: str) -> None:
        super().__init__(table)
        self.index = index

    def told(self, ctx: Any) -> Any:
        """Write the table with its index, which must be one that holds all that is asked for."""
        return ctx.sql(self.node).literal(f' INDEXED BY "{self.index}"')
