"""Tests of insights.schemas."""
