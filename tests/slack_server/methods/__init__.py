"""The methods of the Web API, by family; importing them enters them into the table."""

from tests.slack_server.methods import (
    apps,
    chat,
    conversations,
    files,
    oauth,
    reactions,
    users,
    views,
)

__all__ = ["apps", "chat", "conversations", "files", "oauth", "reactions", "users", "views"]
