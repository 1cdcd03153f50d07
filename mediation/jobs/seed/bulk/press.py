"""The printing press: plate after plate, week after week, thousands of cases a second."""

import json
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from time import monotonic
from typing import Any

from django.db.models import Max

from mediation.areas.selectors import subdistrict_code
from mediation.core.chain import GENESIS, link_spelt
from mediation.core.db import write
from mediation.disputes import numbers
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute, NumberSeries, Party
from mediation.disputes.triggers import lifted_for_bulk
from mediation.jobs.seed import names
from mediation.jobs.seed.bulk import country, plate, sink
from mediation.jobs.seed.bulk.country import Crew
from mediation.jobs.seed.bulk.plate import Original, Plate
from mediation.jobs.seed.bulk.sink import Sink
from mediation.jobs.seed.places import community_name
from mediation.jobs.seed.tale import Progress
from mediation.jobs.seed.topics import ADMINISTRATIVE, CIVIL, CROWD, THREAT, VIOLENT
from mediation.reports import summary, waits_sql
from mediation.search import index
from workflows.commands.people import phone_tail_index

BATCH = 2000
TELLINGS = 40
MOST_PEOPLE = 100_000
FIRMS = 400
HOUSES = 12


@dataclass(frozen=True, slots=True)
class Size:
    """How much is printed over how many weeks. ``thin``: cases that are over keep no flow history."""

    disputes: int
    weeks: int
    thin: bool


@dataclass(frozen=True, slots=True)
class Address:
    """What is the same for every case of a grid: as cells, and as JSON inside events."""

    crew: Crew
    organisation: str
    places: Sequence[Any]
    words: Mapping[str, Any]
    spelt: Mapping[str, str]


@dataclass
class Press:
    sink: Sink
    rng: Random
    thin: bool
    addresses: Sequence[Address]
    people: Sequence[Mapping[str, Any]]
    firms: Sequence[Mapping[str, Any]]
    tellings: Mapping[str, Sequence[Any]]
    organisations: Mapping[str, tuple[str, str]]
    busy: Sequence[float] | None = None
    """How often each address is drawn; all alike if nothing is said."""
    latest: Counter[str] = field(default_factory=Counter)
    series: dict[tuple[str, str, int], int] = field(default_factory=dict)
    printed: int = 0

    def print(self, one: Plate) -> None:
        (address,) = self.rng.choices(self.addresses, self.busy)
        uid = uuid.UUID(int=self.rng.getrandbits(128), version=4)
        words = {
            **address.words,
            "uid": uid.hex if self._keeps_hex else str(uid),
            "code": self._code(),
            "number": self._number(address, "case", one.year),
            "facts": self.rng.choice(self.tellings[one.title]),
            "place": self.rng.choice(address.places),
        }
        if one.file_year is not None:
            words["file_number"] = self._number(address, "file", one.file_year)
        self._sign(one, words, {**address.spelt, "uid": f'"{uid}"'})
        self._name(one, words)
        self._set(one, words)
        self.printed += 1

    @property
    def _keeps_hex(self) -> bool:
        return isinstance(self.sink, sink.SqliteSink)

    def _sign(self, one: Plate, words: dict[str, Any], spelt: Mapping[str, str]) -> None:
        """The chain of this print's own events."""
        previous = GENESIS
        for number, (record, payload) in enumerate(zip(one.records, one.payloads, strict=True)):
            digest = link_spelt(previous, record.filled(spelt).encode())
            words[f"previous{number}"], words[f"digest{number}"] = previous, digest
            words[f"payload{number}"] = payload.filled(spelt)
            previous = digest
        words["chain"] = previous

    def _name(self, one: Plate, words: dict[str, Any]) -> None:
        for number, kind in enumerate(one.parties):
            if kind:
                stock = self.people if kind == "natural" else self.firms
                for column, cell in self.rng.choice(stock).items():
                    words[f"{column}@{number}"] = cell

    def _set(self, one: Plate, words: Mapping[str, Any]) -> None:
        latest = self.latest
        for line in one.lines:
            cells = list(line.cells)
            for place, table, number in line.keys:
                cells[place] = latest[table] + number + 1
            for place, word in line.words:
                cells[place] = words[word]
            self.sink.put(line.table, cells)
        for table, count in one.rows.items():
            latest[table] += count

    def _code(self) -> str:
        """A lookup code of its own: a walk over all 40 bits that never meets itself.

        It goes by keys, so that a second printing goes on where the first ended.
        """
        key = self.latest[Dispute._meta.db_table]
        number = (key * 0x9E3779B97F + 0x1B873593) % 2**40
        letters = "".join(numbers.ALPHABET[number >> shift & 31] for shift in range(35, -5, -5))
        return f"{letters[:4]}-{letters[4:]}"

    def _number(self, address: Address, kind: str, year: int) -> str:
        key = (address.organisation, kind, year)
        self.series[key] = serial = self.series.get(key, 0) + 1
        name, short_name = self.organisations[address.organisation]
        if kind == "case":
            return numbers.case_number(name, year, serial)
        return numbers.file_number(short_name, year, serial)

    def flush(self) -> None:
        """One transaction: the rows of this batch, and the series that numbered them."""
        with write():
            with lifted_for_bulk():
                self.sink.flush()
            NumberSeries.objects.bulk_create(
                (
                    NumberSeries(organisation=code, kind=kind, year=year, latest=latest)
                    for (code, kind, year), latest in self.series.items()
                ),
                update_conflicts=True,
                unique_fields=["organisation", "kind", "year"],
                update_fields=["latest"],
                batch_size=500,
            )


def fill(size: Size, *, seed: int, today: date, progress: Progress) -> dict[str, Any]:
    """Print ``size.disputes`` cases into the grids that have a crew. Needs the played town."""
    begun, before = monotonic(), sink.disk_bytes()
    originals = plate.originals()
    press = set_up(size, country.crews(), seed=seed, today=today)
    for plates in _weeks(originals, size, press, today=today):
        for one in plates:
            press.print(one)
            if press.printed % BATCH == 0:
                press.flush()
                progress(press.printed, size.disputes)
    press.flush()
    progress(press.printed, size.disputes)
    adding = settle()
    seconds = monotonic() - begun
    return {
        "printed": press.printed,
        "seconds_printing": round(seconds, 1),
        "seconds_adding_up": round(adding, 1),
        "a_second": round(press.printed / max(seconds, 0.001)),
        "disk_mb": round(sink.disk_bytes() / 2**20),
        "bytes_a_case": round((sink.disk_bytes() - before) / max(press.printed, 1)),
    }


def set_up(size: Size, crews: Sequence[Crew], *, seed: int, today: date) -> Press:
    rng = Random(f"{seed} {today} press")
    where = sink.open_sink()
    stock = min(MOST_PEOPLE, max(size.disputes, 100))
    organisations = country.organisations()
    return Press(
        sink=where,
        rng=rng,
        thin=size.thin,
        addresses=[_address(crew, where) for crew in crews],
        people=list(_people(rng, where, stock, today)),
        firms=list(_firms(rng, where)),
        tellings=_tellings(rng, where),
        organisations=organisations,
        latest=Counter({m._meta.db_table: _latest(m) for m in plate.COPIED}),
        series={
            (row.organisation, row.kind, row.year): row.latest for row in NumberSeries.objects.all()
        },
    )


def _latest(model: Any) -> int:
    return int(model._default_manager.aggregate(latest=Max("pk"))["latest"] or 0)


def _weeks(
    originals: Sequence[Original], size: Size, press: Press, *, today: date
) -> Iterator[list[Plate]]:
    """From the oldest week to the present one, so that keys grow with the days.

    What is over may have happened in any week; what is still open happened when it was played.
    """
    age = {id(o): (today - o.dispute.registered_at.date()).days // 7 for o in originals}
    left = size.disputes
    for week in range(size.weeks, -1, -1):
        fitting = [o for o in originals if age[id(o)] == week or (o.is_over and age[id(o)] <= week)]
        share = left // (week + 1)
        if not fitting or not share:
            continue
        left -= share
        drawn = press.rng.choices(fitting, [_weight(o, size) for o in fitting], k=share)
        plates = [
            o.plate(week - age[id(o)], press.sink, with_flow=not (press.thin and o.is_over))
            for o in drawn
        ]
        yield sorted(plates, key=lambda one: one.registered_at)
        for original in originals:
            original.cut.clear()


def _weight(original: Original, size: Size) -> float:
    """In a province most of what is over was small and settled on the spot; little was void."""
    if original.dispute.status == Status.VOIDED:
        return 0.002
    return original.dispute.version**-2 if size.thin and original.is_over else 0.02


def settle() -> float:
    """What the database reckons from the cases is reckoned anew. Returns the seconds of the sums."""
    begun = monotonic()
    summary.rebuild()
    waits_sql.rebuild()
    seconds = monotonic() - begun
    index.catch_up()
    sink.settle(plate.COPIED)
    return seconds


# Stock ---------------------------------------------------------------------------------------------


def _address(crew: Crew, where: Sink) -> Address:
    words: dict[str, Any] = {
        "grid_id": crew.grid_id,
        "area_code": crew.code,
    }
    spelt: dict[str, str] = {}
    for part, (key, name) in crew.members.items():
        words |= {f"person:{part}": key, f"name:{part}": where.text(name)}
        spelt |= {
            f"person:{part}": str(key),
            f"name:{part}": json.dumps(name, ensure_ascii=False),
        }
    grid = f"{community_name(crew.code)}第{int(crew.code[-3:])}网格"
    doors = [(house, door) for house in range(1, HOUSES + 1) for door in (1, 2)]
    places = [where.text(f"{grid}{house}栋{door}单元") for house, door in doors]
    return Address(crew, subdistrict_code(crew.code), places, words, spelt)


def _cells(party: Party, where: Sink) -> dict[str, Any]:
    fields = {f.attname: f for f in Party._meta.concrete_fields}
    return {name: where.cell(fields[name], getattr(party, name)) for name in plate.OF_PARTY}


def _people(rng: Random, where: Sink, count: int, today: date) -> Iterator[dict[str, Any]]:
    """Grown-ups with sealed numbers, each sealed once however often he quarrels."""
    drawn = names.people(rng, taken=())
    for _ in range(count):
        row = names.adult(rng, next(drawn), side="applicant", today=today)
        party = _party(row)
        number = row.get("id_number", "")
        if number:
            party.birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
            party.sex = "M" if int(number[16]) % 2 else "F"
        yield _cells(party, where)


def _firms(rng: Random, where: Sink) -> Iterator[dict[str, Any]]:
    trades = sorted({topic.firm for topic in CIVIL if topic.firm})
    for serial in range(FIRMS):
        row = names.company(rng, rng.choice(trades), side="respondent", serial=50_000 + serial)
        yield _cells(_party(row), where)


def _party(row: Mapping[str, Any]) -> Party:
    party = Party(
        uid=uuid.uuid4(), plain_name=row["name"], no_id_reason=row.get("no_id_reason", "")
    )
    party.id_number, party.phone = row.get("id_number", ""), row.get("phone", "")
    party.address = row["address"]
    party.phone_tail_index = phone_tail_index(party.phone)
    return party


def _tellings(rng: Random, where: Sink) -> dict[str, list[Any]]:
    """Many ways to tell each kind of quarrel."""
    column = Dispute._meta.get_field("facts")
    return {
        topic.title: [where.cell(column, topic.told(rng)) for _ in range(TELLINGS)]
        for topic in (*CIVIL, *ADMINISTRATIVE, CROWD, THREAT, VIOLENT)
    }
