"""Answers packed on the way, for phones with one bar of signal."""

from flask import Flask, Response, request
from flask_compress import Compress

# Pages and what they load. JSON is left out: packing gives an answer another ETag than the one that
# a program has to send back in If-Match. What is packed already (fonts, photos) would only grow.
MEDIA_TYPES = (
    "text/html",
    "text/css",
    "text/javascript",
    "image/svg+xml",
    "application/manifest+json",
)
SMALLEST = 1000


def register(app: Flask) -> None:
    """Packs what is worth it, in the way the browser likes best. Must come before other hooks."""
    app.config.update(
        COMPRESS_MIMETYPES=list(MEDIA_TYPES),
        COMPRESS_MIN_SIZE=SMALLEST,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_STREAMS=False,
    )
    Compress(app)
    # After the line above: hooks run in the opposite order.
    app.after_request(_read_static_file)


def _read_static_file(response: Response) -> Response:
    """A file of ours that is worth packing is read as a whole, which also closes it."""
    if request.endpoint == "static" and response.mimetype in MEDIA_TYPES:
        response.direct_passthrough = False
        response.make_sequence()
    return response
