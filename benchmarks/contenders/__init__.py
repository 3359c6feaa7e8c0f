"""What the product's search is compared with: each module answers the same questions its own way.

`question.py` says what is asked and what an answer has to contain. Every rival gets what its
manual recommends for the job, runs in this process (or its own server) on this machine's disk,
and indexes the same text: the note and the name of its account.
"""
