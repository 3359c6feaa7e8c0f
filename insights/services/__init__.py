"""What the product can do, one noun a file.

Every function takes `(session, actor, *, ...)`, flushes and never ends the transaction. All
permissions are asked of `access.py`; every change appends to the journal in the same transaction.
"""
