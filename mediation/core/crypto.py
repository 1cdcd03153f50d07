"""Sealed fields and keyed indexes for what identifies a person.

Sealed bytes are ``version | cipher | key id | nonce (12) | ciphertext | tag (16)``. Place and
row are authenticated with them: bytes that were moved to another row or column do not open.

``settings.FIELD_KEYS`` is one secret, which is key 1, or ``1:SECRET,2:SECRET,…``, where the highest
id seals and every id opens. A lone ``SECRET`` and ``1:SECRET`` are the same key, so that a second
one can be added at any time. HKDF derives from each secret one key per cipher and per index;
``settings.FIELD_CIPHER`` names the cipher for new fields.
"""

import os
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, Self, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mediation.core.text import ascii_digits, search_key

VERSION = 1
SHORTEST_SECRET = 32
_NONCE = 12
_TAG = 16
_HEADER = 3 + _NONCE


class Unreadable(Exception):
    """A sealed field does not open: wrong key, foreign row or changed bytes.

    Never caught to show an empty field instead: it is damage, and must be seen.
    """


class SealingCipher(Protocol):
    """AEAD with a 12-byte nonce and the tag at the end of the ciphertext."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...
    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...


class Sm4Gcm:
    """SM4-GCM (GB/T 32907-2016; GB/T 39786-2021 asks for it) in the shape of ``AESGCM``."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        encryptor = Cipher(algorithms.SM4(self._key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        mode = modes.GCM(nonce, tag=data[-_TAG:])
        decryptor = Cipher(algorithms.SM4(self._key), mode).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(data[:-_TAG]) + decryptor.finalize()


class Algorithm(NamedTuple):
    code: int  # stored in every sealed field: never renumber
    key_bytes: int
    build: Callable[[bytes], Any]


ALGORITHMS = {
    "aes-256-gcm": Algorithm(code=1, key_bytes=32, build=AESGCM),
    "sm4-gcm": Algorithm(code=2, key_bytes=16, build=Sm4Gcm),
}
_NAMES = {algorithm.code: name for name, algorithm in ALGORITHMS.items()}


def seal(text: str, *, place: str, row: str) -> bytes:
    """Encrypt ``text`` for one ``place`` (``table.column``) of one ``row`` (its UUID)."""
    return seal_bytes(text.encode(), place=place, row=row)


def seal_bytes(data: bytes, *, place: str, row: str) -> bytes:
    """The same for what is no text: files."""
    name, key_id = _current_cipher(), max(_secrets())
    nonce = os.urandom(_NONCE)
    header = bytes((VERSION, ALGORITHMS[name].code, key_id)) + nonce
    return header + _cipher(name, key_id).encrypt(nonce, data, _bound_to(place, row))


def unseal(data: bytes, *, place: str, row: str) -> str:
    """Return what ``seal`` was given. Raises ``Unreadable``, which never quotes the text."""
    return unseal_bytes(data, place=place, row=row).decode()


def unseal_bytes(data: bytes, *, place: str, row: str) -> bytes:
    """Return what ``seal_bytes`` was given. Raises ``Unreadable``."""
    if len(data) < _HEADER + _TAG or data[0] != VERSION or data[1] not in _NAMES:
        raise Unreadable(f"{place} of {row} is not a sealed field.")
    if data[2] not in _secrets():
        raise Unreadable(f"{place} of {row} needs key {data[2]}, which FIELD_KEYS does not have.")
    cipher = _cipher(_NAMES[data[1]], data[2])
    try:
        return cipher.decrypt(data[3:_HEADER], data[_HEADER:], _bound_to(place, row))
    except InvalidTag:
        raise Unreadable(f"{place} of {row} was changed, moved, or sealed elsewhere.") from None


def is_current(data: bytes) -> bool:
    """Whether new fields are sealed with the same cipher and key: if not, seal it again."""
    return not data or (data[1], data[2]) == (
        ALGORITHMS[_current_cipher()].code,
        max(_secrets()),
    )


def blind_index(value: str, *, purpose: str) -> str:
    """Return the HMAC-SM3 (hex) by which equal values are found; of nothing, nothing.

    Keyed, because the ID numbers of a whole county can be tried in minutes. Width, case, spaces
    and hyphens make no difference. Indexes of different purposes cannot be compared.
    """
    return _index(value, purpose=purpose, key_id=max(_secrets()))


def blind_indexes(value: str, *, purpose: str) -> list[str]:
    """Return the index under every key, newest first: what a look-up during a key change needs."""
    return [_index(value, purpose=purpose, key_id=k) for k in sorted(_secrets(), reverse=True)]


class SealedText(property):
    """Text on a model that is stored sealed in ``column`` and found through ``index``.

    The model declares both columns and a ``uid`` (UUID) made before the first save. Empty text is
    stored as empty bytes. ``normalise`` is applied before indexing, not before sealing. The index
    has the attribute's name as its purpose, so equal values match across models. Django takes it
    for a ``property``: it may be given to the constructor and to ``create``.
    """

    def __init__(
        self,
        column: str,
        *,
        index: str | None = None,
        normalise: Callable[[str], str] = str,
        place: str = "",
    ) -> None:
        super().__init__()
        self.column, self.index, self.normalise, self.place = column, index, normalise, place
        self.purpose = ""

    def __set_name__(self, owner: type, name: str) -> None:
        # Part of every sealed field: give ``place`` before renaming the class or the column.
        self.place = self.place or f"{owner.__name__.lower()}.{self.column}"
        self.purpose = name

    @overload  # the class answers itself, as with a property
    def __get__(self, instance: None, owner: type | None = None, /) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None, /) -> str: ...
    def __get__(self, instance: Any, owner: type | None = None, /) -> Self | str:
        if instance is None:
            return self
        data = bytes(getattr(instance, self.column))  # PostgreSQL answers a memoryview
        return unseal(data, place=self.place, row=str(instance.uid)) if data else ""

    def __set__(self, instance: Any, value: str, /) -> None:
        data = seal(value, place=self.place, row=str(instance.uid)) if value else b""
        setattr(instance, self.column, data)
        if self.index:
            index = blind_index(self.normalise(value), purpose=self.purpose) if value else ""
            setattr(instance, self.index, index)

    def indexes_of(self, value: str) -> list[str]:
        """The values of ``index`` that a row with this text may have, for an ``__in`` look-up."""
        return blind_indexes(self.normalise(value), purpose=self.purpose) if value else []


def _bound_to(place: str, row: str) -> bytes:
    return f"{place}|{row}".encode()


def _current_cipher() -> str:
    name: str = settings.FIELD_CIPHER
    if name not in ALGORITHMS:
        raise ImproperlyConfigured(f"FIELD_CIPHER must be one of {', '.join(ALGORITHMS)}.")
    return name


def _secrets() -> dict[int, str]:
    return parse_keys(settings.FIELD_KEYS)


@lru_cache(maxsize=8)
def parse_keys(text: str) -> dict[int, str]:
    """Return key id → secret. Raises ``ImproperlyConfigured``, which never quotes a secret."""
    if not re.match(r"\s*[0-9]+:", text):
        return {1: _long_enough(text.strip(), key_id=1)}
    keys: dict[int, str] = {}
    for part in text.split(","):
        number, colon, secret = part.strip().partition(":")
        if not colon or not number.isdecimal() or not 0 < int(number) < 256 or int(number) in keys:
            raise ImproperlyConfigured("FIELD_KEYS must be 1:SECRET,2:SECRET,… with ids up to 255.")
        keys[int(number)] = _long_enough(secret.strip(), key_id=int(number))
    return keys


def _long_enough(secret: str, *, key_id: int) -> str:
    # HKDF stretches nothing: a short pass phrase could be guessed.
    if len(secret) < SHORTEST_SECRET:
        raise ImproperlyConfigured(
            f"Key {key_id} of FIELD_KEYS needs at least {SHORTEST_SECRET} random characters."
        )
    return secret


def _cipher(name: str, key_id: int) -> SealingCipher:
    return _built(name, _secrets()[key_id])


@lru_cache(maxsize=16)
def _built(name: str, secret: str) -> SealingCipher:
    algorithm = ALGORITHMS[name]
    cipher: SealingCipher = algorithm.build(_derive(secret, f"seal {name}", algorithm.key_bytes))
    return cipher


@lru_cache(maxsize=64)
def _derive(secret: str, label: str, length: int) -> bytes:
    info = f"fengqiao field {label}".encode()
    return HKDF(hashes.SHA256(), length=length, salt=None, info=info).derive(secret.encode())


def _index(value: str, *, purpose: str, key_id: int) -> str:
    comparable = _comparable(value)
    if not comparable:
        return ""
    mac = hmac.HMAC(_derive(_secrets()[key_id], f"index {purpose}", 32), hashes.SM3())
    mac.update(comparable.encode())
    return mac.finalize().hex()


def _comparable(value: str) -> str:
    return re.sub(r"[\s\-]", "", search_key(ascii_digits(value)))
