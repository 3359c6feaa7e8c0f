"""What is stored of a photo: a picture made anew from what was sent.

A file from a phone says more than it shows: where it was taken, when, with whose device. And a file
that calls itself a picture may be something else. So nothing of it is kept but its pixels: they are
read, turned upright, made smaller where they are many, and written as a JPEG of our own.
"""

import io
import struct
import threading
import zlib
from dataclasses import dataclass

from PIL import Image, ImageCms, UnidentifiedImageError

from insights.errors import Invalid

LONG_SIDE, SMALL_SIDE = 2560, 480
QUALITY = 85
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")

_ORIENTATION = 0x0112
# How the pixels have to be turned, by the value of the tag (Exif 2.32, 4.6.4, tag 0x0112).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
# What the library raises for files that are broken in one way or another.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, struct.error,
           zlib.error, OverflowError)  # fmt: skip
# The library refuses twice as many pixels by itself, before anything is read.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
# A large photo takes a quarter of a gigabyte while it is read: one at a time in a process.
_turn = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A photo and its small copy as JPEG files; `width` and `height` are those of the large one."""

    large: bytes
    small: bytes
    width: int
    height: int


def picture_from(content: bytes) -> Picture:
    """The picture that a file holds, at most 2560 pixels long, upright, without metadata.

    The type is told from the content alone; of moving pictures the first is taken. Raises Invalid
    with what to do when the file holds none, is cut off, or has more than 50 million pixels.
    """
    with _turn:
        try:
            return _picture(content)
        except UnidentifiedImageError:
            raise Invalid(_unknown(content)) from None
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Invalid(_TOO_MANY_PIXELS) from None
        except _BROKEN:
            raise Invalid("The photo is damaged or incomplete. Take or choose it again.") from None


def _picture(content: bytes) -> Picture:
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Invalid(_TOO_MANY_PIXELS)
        orientation = _orientation(image)
        # A JPEG is read at a half, a quarter or an eighth where that is enough.
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))
        image.load()
        large = _plain(image)
    if orientation in _TURNS:
        large = large.transpose(_TURNS[orientation])
    small = large.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return Picture(_jpeg(large), _jpeg(small), large.width, large.height)


def _plain(image: Image.Image) -> Image.Image:
    """The pixels alone: small, on white where one could see through, in the usual colours."""
    profile = image.info.get("icc_profile")
    image = _readable(image)
    if max(image.size) > LONG_SIDE:
        image.thumbnail((LONG_SIDE, LONG_SIDE), reducing_gap=2.0)
    if image.mode == "RGBA":
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    return _without_info(_in_usual_colours(image, profile))


def _readable(image: Image.Image) -> Image.Image:
    """In one of the modes that can be made smaller and turned into others."""
    if image.mode in ("RGB", "RGBA", "L", "CMYK"):
        return image
    if image.mode == "I;16":
        # 16 bits of grey; the library would cut them off at 255 instead of dividing.
        return image.point(lambda grey: grey * (1 / 256)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _in_usual_colours(image: Image.Image, profile: object) -> Image.Image:
    """As sRGB; a profile that cannot be used is passed over, as browsers do."""
    if isinstance(profile, bytes):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, *_BROKEN):
            return image.convert("RGB")
        return turned if turned is not None else image.convert("RGB")
    return image.convert("RGB")


def _without_info(image: Image.Image) -> Image.Image:
    """A copy of the pixels: what the library knows about a file it would write into the next."""
    plain = Image.new("RGB", image.size)
    plain.paste(image)
    return plain


def _orientation(image: Image.Image) -> int:
    """Which way up the camera was; 1 (upright) where the file does not say it properly."""
    try:
        value = image.getexif().get(_ORIENTATION)
    except _BROKEN:
        return 1
    return value if isinstance(value, int) else 1


def _jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return file.getvalue()


def _unknown(content: bytes) -> str:
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return (
            "This is a HEIC photo, which browsers cannot show. Set the camera of the phone to "
            "“Most compatible”, or save the photo as JPEG, and add it again."
        )
    return "This is no photo that can be shown. Add a JPEG, PNG, WebP or GIF file."


_TOO_MANY_PIXELS = (
    f"The photo has more than {MOST_PIXELS // 1_000_000} million pixels. Make it smaller and add "
    "it again."
)
