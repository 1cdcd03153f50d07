"""A sealed stream: what is written to it can be read again whole, or not at all.

``FENGQIAO-BACKUP 1`` and a line of JSON (key id, salt, house, time), then pieces of up to a megabyte, each
its length in four bytes and AES-256-GCM. The place of a piece, whether it is the last one, and the head are
authenticated with it: a bit that flipped, a piece that is missing, moved or cut off stops the reading.
"""

import json
import os
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC: Final = b"FENGQIAO-BACKUP 1\n"
PIECE: Final = 1024 * 1024
LONGEST_HEAD: Final = 64 * 1024
_TAG: Final = 16


class Damaged(Exception):
    """The file is not a backup of ours as it was written."""


class KeyMissing(Exception):
    """The key that sealed it is not among ``FIELD_KEYS``."""


class Writer:
    """A binary stream that seals what it is given into ``file``. ``close`` writes the last piece."""

    def __init__(
        self, file: BinaryIO, *, keys: Mapping[int, str], about: Mapping[str, Any]
    ) -> None:
        number, salt = max(keys), os.urandom(16)
        self._file = file
        self._head = _spelt(dict(about) | {"key": number, "salt": salt.hex()})
        self._cipher = _cipher(keys[number], salt)
        self._waiting = bytearray()
        self._count = 0
        file.write(MAGIC + self._head)

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, piece: bytes, *, last: bool) -> None:
        place = _place(self._count, last=last)
        sealed = self._cipher.encrypt(place[:12], piece, place + self._head)
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        self._count += 1


class Reader:
    """The stream that a ``Writer`` was given. Raises ``Damaged`` or ``KeyMissing``."""

    def __init__(self, file: BinaryIO, *, keys: Mapping[int, str]) -> None:
        self._file = file
        if file.read(len(MAGIC)) != MAGIC:
            raise Damaged("This is no backup of Fengqiao.")
        self._head = file.readline(LONGEST_HEAD)
        self.about = _read_head(self._head)
        if self.about["key"] not in keys:
            raise KeyMissing(str(self.about["key"]))
        self._cipher = _cipher(keys[self.about["key"]], bytes.fromhex(self.about["salt"]))
        self._ready = bytearray()
        self._count = 0
        self.is_at_end = False

    def read(self, size: int = -1) -> bytes:
        while not self.is_at_end and (size < 0 or len(self._ready) < size):
            self._take()
        end = len(self._ready) if size < 0 else size
        data = bytes(self._ready[:end])
        del self._ready[:end]
        return data

    def _take(self) -> None:
        length = int.from_bytes(self._file.read(4), "big")
        if not _TAG <= length <= PIECE + _TAG:
            raise Damaged("The backup is cut off or damaged.")
        sealed = self._file.read(length)
        for last in (False, True):
            place = _place(self._count, last=last)
            try:
                self._ready += self._cipher.decrypt(place[:12], sealed, place + self._head)
            except InvalidTag:
                continue
            self._count += 1
            self.is_at_end = last
            if last and self._file.read(1):
                raise Damaged("Something was appended to the backup.")
            return
        raise Damaged("The backup is damaged, or sealed with another key of the same number.")


def _place(count: int, *, last: bool) -> bytes:
    """Twelve bytes that no two pieces of a file share; the key is new for every file."""
    return count.to_bytes(11, "big") + bytes([last])


def _cipher(secret: str, salt: bytes) -> AESGCM:
    info = b"fengqiao backup"
    return AESGCM(HKDF(hashes.SHA256(), length=32, salt=salt, info=info).derive(secret.encode()))


def _spelt(about: Mapping[str, Any]) -> bytes:
    return json.dumps(about, sort_keys=True).encode() + b"\n"


def _read_head(head: bytes) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads(head)
        about["salt"], about["key"] = str(about["salt"]), int(about["key"])
        bytes.fromhex(about["salt"])
    except (ValueError, KeyError, TypeError):
        raise Damaged("The head of the backup is damaged.") from None
    return about
