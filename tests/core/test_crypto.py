import base64
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from mediation.core.crypto import (
    SealedText,
    Sm4Gcm,
    Unreadable,
    blind_index,
    blind_indexes,
    is_current,
    parse_keys,
    seal,
    unseal,
)

ID = "439999198506120014"
HERE = {"place": "party.id_sealed", "row": "00000000-0000-0000-0000-000000000001"}
ONE, TWO = "one-secret-" + "1" * 40, "two-secret-" + "2" * 40
CIPHERS = ["aes-256-gcm", "sm4-gcm"]


@dataclass
class Resident:
    """Any class with a ``uid`` and the two columns will do."""

    uid: UUID = field(default_factory=uuid4)
    id_sealed: bytes = b""
    id_index: str = ""
    note_sealed: bytes = b""

    id_number = SealedText("id_sealed", index="id_index")
    note = SealedText("note_sealed", place="people.note")


@pytest.fixture(params=CIPHERS)
def cipher(request, settings):
    settings.FIELD_CIPHER = request.param
    return request.param


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
@pytest.mark.parametrize("name", CIPHERS)
def test_sealed_text_opens_again(name, text):
    from django.test import override_settings  # a fixture would not be reset between examples

    with override_settings(FIELD_CIPHER=name):
        assert unseal(seal(text, **HERE), **HERE) == text


def test_sealed_bytes_have_the_promised_shape(cipher):
    data = seal(ID, **HERE)

    assert (data[:3], len(data)) == (
        bytes((1, 1 + CIPHERS.index(cipher), 1)),
        3 + 12 + len(ID) + 16,
    )


def test_same_text_is_sealed_differently_each_time(cipher):
    assert len({seal(ID, **HERE) for _ in range(100)}) == 100


def test_sealed_bytes_show_nothing_of_the_text(cipher):
    data = seal(ID, **HERE)

    assert all(part not in data for part in (ID.encode(), b"439999", b"0014"))


@pytest.mark.parametrize("moved", [{"place": "party.phone_sealed"}, {"row": str(uuid4())}])
def test_moved_bytes_do_not_open(cipher, moved):
    data = seal(ID, **HERE)

    with pytest.raises(Unreadable):
        unseal(data, **{**HERE, **moved})


def test_place_and_row_cannot_be_shifted_into_one_another(cipher):
    data = seal(ID, place="a.b", row="c")

    with pytest.raises(Unreadable):
        unseal(data, place="a.", row="b|c")


def test_no_changed_bit_is_overlooked(cipher):
    data = seal(ID, **HERE)

    for position in range(len(data)):
        changed = data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]
        with pytest.raises(Unreadable):
            unseal(changed, **HERE)


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x01\x01\x01" + b"n" * 27, ID.encode() * 3])
def test_what_was_never_sealed_does_not_open(data):
    with pytest.raises(Unreadable, match=r"party\.id_sealed of .* is not a sealed field"):
        unseal(data, **HERE)


def test_cut_bytes_do_not_open(cipher):
    data = seal(ID, **HERE)

    for length in range(len(data)):
        with pytest.raises(Unreadable):
            unseal(data[:length], **HERE)


def test_other_secret_does_not_open(cipher, settings):
    data = seal(ID, **HERE)
    settings.FIELD_KEYS = TWO

    with pytest.raises(Unreadable):
        unseal(data, **HERE)


def test_failure_tells_neither_text_nor_secret(cipher, settings):
    data = seal(ID, **HERE)
    settings.FIELD_KEYS = TWO

    with pytest.raises(Unreadable) as failure:
        unseal(data, **HERE)

    told = f"{failure.value!r}{failure.value.__cause__!r}"
    assert (ID in told, TWO in told, failure.value.__suppress_context__) == (False, False, True)


def test_fields_of_the_other_cipher_still_open(settings):
    settings.FIELD_CIPHER = "aes-256-gcm"
    data = seal(ID, **HERE)
    settings.FIELD_CIPHER = "sm4-gcm"

    assert (unseal(data, **HERE), is_current(data)) == (ID, False)


def test_sm4_gcm_agrees_with_the_published_example():
    """RFC 8998, appendix A.2.1."""
    sm4 = Sm4Gcm(bytes.fromhex("0123456789abcdeffedcba9876543210"))
    nonce, bound = (
        bytes.fromhex("00001234567800000000abcd"),
        bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    )
    plain = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    sealed = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )

    assert (sm4.encrypt(nonce, plain, bound), sm4.decrypt(nonce, sealed, bound)) == (sealed, plain)


def test_a_second_key_is_added_and_the_first_one_removed(settings):
    settings.FIELD_KEYS = ONE
    resident = Resident()
    resident.id_number = ID
    first = resident.id_index

    settings.FIELD_KEYS = f"1:{ONE},2:{TWO}"
    found_before = resident.id_index in Resident.id_number.indexes_of(ID)
    opened_before, current_before = resident.id_number, is_current(resident.id_sealed)
    resident.id_number = resident.id_number
    found_between = resident.id_index in Resident.id_number.indexes_of(ID)

    settings.FIELD_KEYS = f"2:{TWO}"
    assert (found_before, opened_before, current_before) == (True, ID, False)
    assert (found_between, resident.id_number, is_current(resident.id_sealed)) == (True, ID, True)
    assert resident.id_index == blind_index(ID, purpose="id_number") != first


def test_removed_key_is_named(settings):
    settings.FIELD_KEYS = ONE
    data = seal(ID, **HERE)
    settings.FIELD_KEYS = f"2:{TWO}"

    with pytest.raises(Unreadable, match="needs key 1"):
        unseal(data, **HERE)


def test_highest_key_seals_wherever_it_stands(settings):
    settings.FIELD_KEYS = f"7:{TWO}, 1:{ONE}"

    assert seal(ID, **HERE)[2] == 7


KEYS = {
    "one secret": (ONE, {1: ONE}),
    "one secret with blanks": (f" {ONE}\n", {1: ONE}),
    "one secret with colons and commas": (f"a:{ONE},b", {1: f"a:{ONE},b"}),
    "one numbered": (f"3:{ONE}", {3: ONE}),
    "two numbered": (f"1:{ONE}, 2:{TWO}", {1: ONE, 2: TWO}),
    "base64": (
        "1:" + base64.b64encode(b"k" * 32).decode(),
        {1: base64.b64encode(b"k" * 32).decode()},
    ),
}


@pytest.mark.parametrize(("text", "keys"), KEYS.values(), ids=KEYS)
def test_keys_are_read(text, keys):
    assert parse_keys(text) == keys


BAD_KEYS = {
    "nothing": "",
    "short": "x" * 31,
    "short numbered": f"1:{ONE},2:short",
    "twice": f"1:{ONE},1:{TWO}",
    "id 0": f"0:{ONE}",
    "id 256": f"256:{ONE}",
    "no id": f"1:{ONE},{TWO}",
    "empty end": f"1:{ONE},",
}


@pytest.mark.parametrize("text", BAD_KEYS.values(), ids=BAD_KEYS)
def test_bad_keys_stop_the_start_and_are_not_told(text):
    with pytest.raises(ImproperlyConfigured) as failure:
        parse_keys(text)

    assert (ONE in str(failure.value), TWO in str(failure.value)) == (False, False)


def test_unknown_cipher_is_refused(settings):
    settings.FIELD_CIPHER = "rot13"

    with pytest.raises(ImproperlyConfigured, match="aes-256-gcm, sm4-gcm"):
        seal(ID, **HERE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("43999919720305019x", "43999919720305019X"),
        ("４３９９９９198506120014", ID),
        (" 439999 19850612 0014 ", ID),
        ("0737-4222222", "07374222222"),
        ("e\u0301", "\u00e9"),
    ],
    ids=["case", "width", "spaces", "hyphen", "composition"],
)
def test_equal_values_have_equal_indexes(one, other):
    assert blind_index(one, purpose="id_number") == blind_index(other, purpose="id_number")


def test_index_depends_on_value_purpose_and_key(settings):
    settings.FIELD_KEYS = ONE
    first = blind_index(ID, purpose="id_number")
    other_value = blind_index(ID[:-1] + "5", purpose="id_number")
    other_purpose = blind_index(ID, purpose="phone")
    settings.FIELD_KEYS = TWO
    other_key = blind_index(ID, purpose="id_number")

    assert len({first, other_value, other_purpose, other_key}) == 4
    assert {len(index) for index in (first, other_value, other_purpose, other_key)} == {64}


def test_index_never_changes_between_versions(settings):
    settings.FIELD_KEYS = ONE

    assert blind_index(ID, purpose="id_number") == (
        "9e51298150a974dccc38284ff2b371083c140cc93c91d111218462cac549463c"
    )


def test_look_up_knows_every_key_newest_first(settings):
    settings.FIELD_KEYS = ONE
    old = blind_index(ID, purpose="phone")
    settings.FIELD_KEYS = f"1:{ONE},2:{TWO}"

    assert blind_indexes(ID, purpose="phone") == [blind_index(ID, purpose="phone"), old]


@pytest.mark.parametrize("value", ["", "  ", "-"])
def test_nothing_has_no_index(value):
    assert blind_index(value, purpose="phone") == ""


def test_sealed_attribute_writes_both_columns(cipher):
    resident = Resident()

    resident.id_number = ID

    assert resident.id_number == ID
    assert unseal(resident.id_sealed, place="resident.id_sealed", row=str(resident.uid)) == ID
    assert resident.id_index == blind_index(ID, purpose="id_number")


def test_sealed_attribute_reads_what_postgresql_returns():
    resident = Resident()
    resident.id_number = ID

    resident.id_sealed = memoryview(resident.id_sealed)

    assert resident.id_number == ID


def test_empty_text_is_empty_bytes_and_back():
    resident = Resident()
    resident.id_number = ID

    resident.id_number = ""

    assert resident == Resident(uid=resident.uid)
    assert (resident.id_number, is_current(resident.id_sealed)) == ("", True)


def test_sealed_attribute_of_another_row_does_not_open():
    one, other = Resident(), Resident()
    one.id_number = ID

    other.id_sealed = one.id_sealed

    with pytest.raises(Unreadable):
        _ = other.id_number


def test_sealed_attribute_of_another_column_does_not_open():
    resident = Resident()
    resident.id_number = ID

    resident.note_sealed = resident.id_sealed

    with pytest.raises(Unreadable):
        _ = resident.note


def test_named_place_outlives_the_class_name():
    resident = Resident()

    resident.note = "测"

    assert unseal(resident.note_sealed, place="people.note", row=str(resident.uid)) == "测"


def test_own_normalisation_decides_what_is_found():
    class Caller:
        uid, phone_sealed, phone_index = uuid4(), b"", ""
        phone = SealedText("phone_sealed", index="phone_index", normalise=lambda text: text[-4:])

    caller = Caller()

    caller.phone = "13900000001"

    assert (caller.phone, [caller.phone_index]) == ("13900000001", Caller.phone.indexes_of("0001"))
    assert Caller.phone.indexes_of("") == []
