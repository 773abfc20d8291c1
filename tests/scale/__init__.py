"""Databases of a county's or a province's size, and what holds in them."""
