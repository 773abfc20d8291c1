"""Merged data into typed objects, one module per group of files. Shapes have been checked before."""
