"""Webhooks: notes posted to addresses of other programs, signed after Standard Webhooks."""
