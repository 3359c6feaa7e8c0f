"""Storage: where the bytes of photos are, apart from the database that describes them.

One interface (`interface.py`) and two places: a folder (`folder.py`), and a bucket that speaks the
language of S3 (`s3.py`). `insights/app.py` chooses one; nothing else knows which it is.
"""
