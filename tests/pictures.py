"""Photos for tests: files as phones and others send them."""

import hashlib
import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1"


def picture(width: int = 64, height: int = 48) -> Image.Image:
    """Red above, blue below, so that one sees which way up it is."""
    image = Image.new("RGB", (width, height), (200, 0, 0))
    image.paste((0, 0, 200), (0, height // 2, width, height))
    return image


def file_of(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def photo(width: int = 64, height: int = 48) -> bytes:
    """A photo without anything special."""
    return file_of(picture(width, height))


def located_photo(orientation: int = 1) -> bytes:
    """A photo that says where it was taken, with what, and which way up."""
    image = picture()
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Secret Phone"
    exif.get_ifd(0x8825).update({1: "N", 2: (33.0, 45.0, 0.0), 3: "W", 4: (84.0, 23.0, 0.0)})
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Secret Place</x:xmpmeta>"
    return file_of(image, exif=exif, xmp=xmp, comment=b"Secret Comment", dpi=(300, 300))


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def archive() -> bytes:
    """A file that unzips to something else than a photo, with the beginning of a JPEG before it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("run.exe", b"MZ")
    return b"\xff\xd8\xff\xe0" + file.getvalue()


def bomb(side: int = 20_000) -> bytes:
    """A small PNG file of very many white pixels (400 million by default)."""
    line = b"\x00" + b"\xff" * (side // 8)
    pack = zlib.compressobj(9)
    data = b"".join(pack.compress(line) for _ in range(side)) + pack.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", data), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
