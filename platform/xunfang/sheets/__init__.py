"""Workbooks 电子表格: lists that offices hand in are read, ledgers and rosters that they circulate are written.

Nothing here knows a table of the store, a rule or a page: rows come in as texts with their places, and go out as texts,
numbers and days.
"""
