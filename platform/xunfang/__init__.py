"""Xunfang: forms, routing, deadlines and papers for county governments, from configuration alone."""
