"""The floor: a bare Flask route that inserts one row with the product's durability.

Same server, same database settings, one table, no validation, no sign-in: what is left is the cost
of a request and of a durable insert, below which no API on this stack can go.
"""

import os
import sqlite3
import threading

from flask import Flask, Response, jsonify, request

PATH = os.environ["FLOOR_DATABASE"]
app = Flask(__name__)
local = threading.local()


def connection() -> sqlite3.Connection:
    """This thread's connection, opened as insights/db.py opens its own."""
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(PATH, isolation_level=None)
        for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL"):
            local.connection.execute(f"PRAGMA {pragma}")
        local.connection.execute(
            "CREATE TABLE IF NOT EXISTS notes (id TEXT PRIMARY KEY, text TEXT)"
        )
    opened: sqlite3.Connection = local.connection
    return opened


@app.get("/")
def ready() -> str:
    return "ready"


@app.post("/notes")
def insert() -> tuple[Response, int]:
    note = request.get_json()
    database = connection()
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO notes VALUES (?, ?)", (note["id"], note["text"]))
    database.execute("COMMIT")
    return jsonify(id=note["id"]), 201
