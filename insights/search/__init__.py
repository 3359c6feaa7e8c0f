"""Full-text search over notes: a disposable replica of the database on this machine's disk.

Where to start reading:

* ``document.py``: what is indexed, and why each field is;
* ``analysis.py``: how a text becomes words, the same for notes and queries, on every engine;
* ``query.py``: what a person types, read into a tree (``tree.py``);
* ``request.py``: one search and its answer; ``ranking.py``, ``excerpts.py``: order and reasons;
* ``facets.py``: which counts a search needs;
* ``engine.py``: the narrow interface of an engine; ``tantivy_*.py``: the engine behind it;
* ``replica.py``: the directory on disk, rebuilt and switched while others read it.

The package knows neither the database nor who is signed in. A search hit is not a permission: the
caller passes the reader's audience keys in and reads the notes again through its own gate.
"""
