"""Tests of the search package, each run on every engine."""
