"""The demo organisation: an invented telecom company whose field notes fill a new installation.

``organisation`` makes the company, ``notes`` a year of its field notes in order of time, and
``load`` writes both into an empty database. All three depend on the seed only, so that a story
told in a manual, a screenshot or a benchmark is there again tomorrow. Everybody and everything
in it is invented.
"""
