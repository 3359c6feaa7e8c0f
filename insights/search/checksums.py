"""Checksums of an index's files, by which damage is found."""

import zlib
from typing import BinaryIO

_BLOCK = 1 << 20


def crc32(file: BinaryIO, length: int) -> int:
    """The CRC-32 of the next ``length`` bytes, or of what there is of them."""
    checksum = 0
    while length > 0:
        block = file.read(min(length, _BLOCK))
        if not block:
            break
        checksum = zlib.crc32(block, checksum)
        length -= len(block)
    return checksum
