"""The edge kit: what pages and the API both need around a use case.

The request's transaction, the signed-in person, refusals in words, and the protections that
every request passes. Pages (`insights/web`) and the API (`insights/api`) are built on it.
"""
