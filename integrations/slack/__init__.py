"""Slack: capture, cards, talk and digests in the workspaces of the organisation."""
