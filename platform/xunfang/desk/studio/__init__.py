"""The read side of the studio 规则修改."""

from xunfang.desk.studio.readings import StudioReadings

__all__ = ["StudioReadings"]
