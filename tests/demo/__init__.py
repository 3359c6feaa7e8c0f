"""Tests of the demo organisation."""
