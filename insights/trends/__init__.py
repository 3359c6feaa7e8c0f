"""Trends: what surges in a place against its own history and the rest of the company.

Pure functions of counts; time is passed in, nothing is read from a clock or a database. The method
is an empirical-Bayes gamma-Poisson scan over windows and the tree of places; each module names its
sources.
"""
