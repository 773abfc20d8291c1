"""What the pages read: the store's scoped readings, put into the words of the rules."""

from xunfang.web.readings.readings import Readings

__all__ = ["Readings"]
