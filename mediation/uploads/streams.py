"""Sound and film: the skeleton of the file is whole from its first to its last byte."""

import struct
from typing import Final

from django.utils.translation import gettext_lazy as _

from mediation.uploads.rejected import Rejected

DAMAGED = _("The recording is damaged or not complete.")
Examined = tuple[bytes, bytes, int]
TAG: Final = 128  # an ID3v1 tag at the end of an MP3

_BIT_RATES = {  # kbit/s of layer III, by whether it is MPEG-1
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def boxes(data: bytes) -> Examined:
    """MP4 and M4A: boxes follow each other to the very end, with an index and data among them."""
    at, kinds = 0, set()
    while at < len(data):
        size, kind = _box(data, at)
        if size < 8 or at + size > len(data):
            raise Rejected("damaged", DAMAGED)
        kinds.add(kind)
        at += size
    if not kinds >= {b"ftyp", b"moov"} or not kinds & {b"mdat", b"moof"}:
        raise Rejected("damaged", DAMAGED)
    return data, b"", 1


def _box(data: bytes, at: int) -> tuple[int, bytes]:
    head = data[at : at + 16]
    if len(head) < 8:
        raise Rejected("damaged", DAMAGED)
    size, kind = struct.unpack(">I4s", head[:8])
    if size == 1 and len(head) == 16:
        size = struct.unpack(">Q", head[8:])[0]
    return (len(data) - at if size == 0 else size), kind


def wav(data: bytes) -> Examined:
    if len(data) < 44 or struct.unpack("<I", data[4:8])[0] + 8 > len(data):
        raise Rejected("damaged", DAMAGED)
    at, kinds = 12, set()
    while at + 8 <= len(data):
        kind, size = struct.unpack("<4sI", data[at : at + 8])
        kinds.add(kind)
        at += 8 + size + size % 2
    if not kinds >= {b"fmt ", b"data"} or at > len(data) + 1:
        raise Rejected("damaged", DAMAGED)
    return data, b"", 1


def begins_mp3(head: bytes) -> bool:
    return head[:3] == b"ID3" or (head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE0 == 0xE0)


def mp3(data: bytes) -> Examined:
    """Behind the tag, frame follows frame; the first three prove that it is sound."""
    at = 0
    if data[:3] == b"ID3" and len(data) > 10:
        a, b, c, d = data[6:10]
        at = 10 + (a << 21 | b << 14 | c << 7 | d)
    for _number in range(3):
        at += _frame(data, at)
        if at >= len(data) - TAG:
            break
    if at > len(data):
        raise Rejected("damaged", DAMAGED)
    return data, b"", 1


def _frame(data: bytes, at: int) -> int:
    """The length of the frame of layer III that begins here."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        raise Rejected("damaged", DAMAGED)
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, sample = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer != 1 or rate in {0, 15} or sample == 3:
        raise Rejected("damaged", DAMAGED)
    first = version == 3
    bits = _BIT_RATES[first][rate] * 1000
    return (144 if first else 72) * bits // _SAMPLE_RATES[version][sample] + (head[2] >> 1 & 1)
