"""A year of a county, lived through on the real engine, and counted again from its events alone."""
