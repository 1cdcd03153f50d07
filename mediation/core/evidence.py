"""Seals over all records, kept outside the database, and the proof that nothing under them has moved.

Every record has a leaf: a hash of its stream, its key and its content. A seal lists the leaves of the records
that came since the seal before (in full as one root, each one shortened to find it by) and is authenticated
with a key that the database does not know. Seals are lines of JSON, each bound to the one before.
Plain Python: an auditor needs an export, the seals, and no server.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mediation.core.chain import GENESIS, canonical

MARK = 8
"""Hex digits of a leaf that a seal keeps of each record, to say which one was touched."""

Leaves = dict[str, dict[int, str]]
"""Stream → key → leaf."""

Keys = Mapping[int, str]

PARTS = frozenset({"kind", "seal", "house", "at", "previous", "key", "covers", "mac"})


def leaf(stream: str, key: int, digest: str) -> str:
    return hashlib.sha256(f"{stream}|{key}|{digest}".encode()).hexdigest()


def digest_of(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(record)).hexdigest()


def root(leaves: Iterable[str]) -> str:
    total = hashlib.sha256()
    for one in leaves:
        total.update(bytes.fromhex(one))
    return total.hexdigest()


# Making -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that authenticates new seals, and its number."""

    number: int
    secret: str

    @classmethod
    def newest(cls, keys: Keys) -> "Signer":
        number = max(keys)
        return cls(number, keys[number])


def seal(
    leaves: Leaves, *, house: str, at: str, after: Mapping[str, Any] | None, signer: Signer
) -> dict[str, Any]:
    """The next line over ``leaves``, which follow those of ``after``."""
    covers = {stream: _cover(found) for stream, found in leaves.items() if found}
    return _signed({"kind": "seal", "covers": covers}, house, at, after, signer)


def restart(
    upto: Mapping[str, int],
    *,
    reason: str,
    house: str,
    at: str,
    after: Mapping[str, Any] | None,
    signer: Signer,
) -> dict[str, Any]:
    """A line that says: an older state was put back on purpose; what is above ``upto`` is gone."""
    said = {"kind": "restored", "upto": dict(upto), "reason": reason, "covers": {}}
    return _signed(said, house, at, after, signer)


def _signed(
    said: dict[str, Any], house: str, at: str, after: Mapping[str, Any] | None, signer: Signer
) -> dict[str, Any]:
    said |= {
        "seal": after["seal"] + 1 if after else 1,
        "house": house,
        "at": at,
        "previous": after["mac"] if after else GENESIS,
        "key": signer.number,
    }
    return said | {"mac": _mac(said, signer.secret)}


def _cover(found: Mapping[int, str]) -> dict[str, Any]:
    keys = sorted(found)
    ordered = [found[key] for key in keys]
    return {
        "ids": spans(keys),
        "marks": "".join(one[:MARK] for one in ordered),
        "root": root(ordered),
    }


def spans(keys: Sequence[int]) -> list[list[int]]:
    """Ascending numbers as pairs of first and last: a database leaves gaps where it rolled back."""
    if not keys:
        return []
    breaks = [i for i, (one, following) in enumerate(pairwise(keys), 1) if following != one + 1]
    starts, ends = [0, *breaks], [*breaks, len(keys)]
    return [[keys[start], keys[end - 1]] for start, end in zip(starts, ends, strict=True)]


def _mac(said: Mapping[str, Any], secret: str) -> str:
    info = b"fengqiao seals"
    key = HKDF(hashes.SHA256(), length=32, salt=None, info=info).derive(secret.encode())
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(canonical({name: value for name, value in said.items() if name != "mac"}))
    return mac.finalize().hex()


# Reading ------------------------------------------------------------------------------------------


def read(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The seals of a file. Half a line that a crash left is no seal: the numbers show a lost one."""
    for line in lines:
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict) and said.keys() >= PARTS:
            yield said


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was sealed. ``key`` is 0 when a seal itself is meant."""

    stream: str
    key: int
    detail: str


@dataclass
class Sealed:
    """What the seals say of the records: ``latest`` is the hash to note on paper."""

    seals: int = 0
    latest: str = GENESIS
    at: str = ""
    records: int = 0
    unsealed: int = 0
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Promise:
    mark: str
    seal: int


def compare(
    seals: Iterable[Mapping[str, Any]], leaves: Leaves, *, keys: Keys, upto: int | None = None
) -> Sealed:
    """Hold ``leaves`` (all records there are) against the seals, up to number ``upto``.

    Without ``keys`` the seals are taken as they stand; a remark says so.
    """
    found = Sealed()
    promised: dict[str, dict[int, _Promise]] = {}
    kept: list[Mapping[str, Any]] = []
    before: Mapping[str, Any] | None = None
    for said in seals:
        if upto is not None and said["seal"] > upto:
            found.remarks.append("later seals cover what came after the export")
            break
        _require_sound(found, said, before, keys)
        _take_up(promised, said)
        if said["kind"] == "restored":
            found.remarks.append(f"restored at {said['at']}: {said['reason']}")
            kept = [one for one in kept if _is_below(one, said["upto"])]
        kept.append(said)
        before = said
    if before is not None:
        found.seals, found.latest, found.at = before["seal"], before["mac"], before["at"]
    if not keys and before is not None:
        found.remarks.append("no key: the seals were taken as they stand")
    _hold(found, promised, leaves)
    _require_roots(found, kept, leaves)
    return found


def _require_sound(
    found: Sealed, said: Mapping[str, Any], before: Mapping[str, Any] | None, keys: Keys
) -> None:
    """Number, bond and authenticity of one seal."""
    number = said["seal"]
    expected = before["seal"] + 1 if before else 1
    if number != expected or said["previous"] != (before["mac"] if before else GENESIS):
        found.findings.append(Finding("seal", 0, f"seal {expected} is missing or was replaced"))
    if not keys:
        return
    if said["key"] not in keys:
        found.findings.append(Finding("seal", 0, f"seal {number} needs key {said['key']}"))
    elif _mac(said, keys[said["key"]]) != said["mac"]:
        found.findings.append(Finding("seal", 0, f"seal {number} was changed"))


def _take_up(promised: dict[str, dict[int, _Promise]], said: Mapping[str, Any]) -> None:
    for stream, last in said.get("upto", {}).items():
        gone = [key for key in promised.get(stream, {}) if key > last]
        for key in gone:
            del promised[stream][key]
    for stream, cover in said["covers"].items():
        known = promised.setdefault(stream, {})
        for place, key in enumerate(_expanded(cover["ids"])):
            known[key] = _Promise(cover["marks"][place * MARK : (place + 1) * MARK], said["seal"])


def _is_below(said: Mapping[str, Any], upto: Mapping[str, int]) -> bool:
    covers = said["covers"].items()
    return all(cover["ids"][-1][1] <= upto.get(stream, 0) for stream, cover in covers)


def _expanded(pairs: Iterable[Sequence[int]]) -> Iterator[int]:
    for first, last in pairs:
        yield from range(first, last + 1)


def _hold(found: Sealed, promised: dict[str, dict[int, _Promise]], leaves: Leaves) -> None:
    for stream in sorted(promised.keys() | leaves.keys()):
        known, present = promised.get(stream, {}), leaves.get(stream, {})
        latest = max(known, default=0)
        found.records += len(known)
        found.unsealed += sum(key > latest for key in present)
        for key in sorted(known.keys() | {key for key in present if key <= latest}):
            detail = _difference(known.get(key), present.get(key))
            if detail:
                found.findings.append(Finding(stream, key, detail))


def _difference(promise: _Promise | None, present: str | None) -> str:
    if promise is None:
        return "appeared after its place had been sealed"
    if present is None:
        return f"is missing; seal {promise.seal} has it"
    if present[:MARK] != promise.mark:
        return f"is not what seal {promise.seal} has"
    return ""


def _require_roots(found: Sealed, seals: list[Mapping[str, Any]], leaves: Leaves) -> None:
    """A change that keeps the shortened hash of a record is still seen in the root."""
    if found.findings:
        return
    for said in seals:
        for stream, cover in said["covers"].items():
            present = leaves.get(stream, {})
            if root(present[key] for key in _expanded(cover["ids"])) != cover["root"]:
                detail = f"one record of seal {said['seal']} was changed"
                found.findings.append(Finding(stream, cover["ids"][0][0], detail))
