"""Connections that break."""

import socket
import struct

from flask import Request


def drop_connection(request: Request) -> None:
    """Closes the connection at once, so that the caller gets a reset instead of an answer."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RDWR)
