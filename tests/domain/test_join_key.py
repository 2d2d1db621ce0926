"""The keyed hash by which two offices find the same person: HMAC-SHA256, bound to one round and one pair of offices."""

from __future__ import annotations

import hashlib
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp.domain.errors import Invalid
from migrant_fp.domain.join_key import JoinKey
from migrant_fp.domain.person import IdentityNumber

NUMBER = IdentityNumber("99999919850301002X")
POLICE, PLANNING = "public_security/district/320411", "family_planning/district/320411"
SECRET = bytes(range(32))


def _by_hand(secret: bytes, message: bytes) -> str:
    """Return HMAC-SHA256 as RFC 2104 writes it out."""
    block = (secret if len(secret) <= 64 else hashlib.sha256(secret).digest()).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + message).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in block) + inner).hexdigest()


@given(st.binary(min_size=32, max_size=200))
def test_a_record_key_is_the_hmac_of_round_offices_and_number(secret: bytes) -> None:
    message = f"2011-10\0{PLANNING}\0{POLICE}\0{NUMBER.text}".encode()

    assert JoinKey("k1", secret).hashed(NUMBER, "2011-10", (POLICE, PLANNING)) == _by_hand(secret, message)


@pytest.mark.skipif(not shutil.which("openssl"), reason="the openssl program is not installed")
def test_openssl_makes_the_same_record_key() -> None:
    message = f"2011-10\0{PLANNING}\0{POLICE}\0{NUMBER.text}".encode()
    command = ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{SECRET.hex()}", "-r"]

    said = subprocess.run(command, input=message, check=True, capture_output=True).stdout.decode()

    assert said.split()[0] == JoinKey("k1", SECRET).hashed(NUMBER, "2011-10", (POLICE, PLANNING))


def test_both_offices_find_the_same_key() -> None:
    key = JoinKey("k1", SECRET)

    assert key.hashed(NUMBER, "2011-10", (POLICE, PLANNING)) == key.hashed(
        NUMBER, "2011-10", (PLANNING, POLICE)
    )


def test_another_round_office_secret_or_number_gives_another_key() -> None:
    key, other = JoinKey("k1", SECRET), JoinKey("k1", SECRET[::-1])
    keys = {
        key.hashed(NUMBER, "2011-10", (POLICE, PLANNING)),
        key.hashed(NUMBER, "2011-11", (POLICE, PLANNING)),
        key.hashed(NUMBER, "2011-10", (POLICE, "family_planning/district/320412")),
        key.hashed(IdentityNumber("999999198503010038"), "2011-10", (POLICE, PLANNING)),
        other.hashed(NUMBER, "2011-10", (POLICE, PLANNING)),
    }

    assert len(keys) == 5


def test_the_label_is_not_part_of_the_hash() -> None:
    """The two offices may call one secret by two names; the packages must name the same one to be compared."""
    first, second = (JoinKey(label, SECRET).hashed(NUMBER, "2011-10", (POLICE, PLANNING)) for label in "ab")

    assert first == second


@pytest.mark.parametrize("length", [0, 1, 31])
def test_a_short_secret_is_refused(length: int) -> None:
    with pytest.raises(Invalid, match=f"came {length} bytes, expected 32"):
        JoinKey("k1", bytes(length))


@pytest.mark.parametrize("label", ["99999919850301002x", "k-99999919850301002x", "13900001234"])
def test_a_label_with_a_number_of_a_person_is_refused_and_not_shown(label: str) -> None:
    with pytest.raises(Invalid, match="label") as refused:
        JoinKey(label, SECRET)

    assert label not in f"{refused.value}{refused.value!r}"


@pytest.mark.parametrize("label", ["", "K", "a b", "-a", "a" * 41, "a\n", "钥"])
def test_a_label_that_no_manifest_takes_is_refused(label: str) -> None:
    with pytest.raises(Invalid, match="label"):
        JoinKey(label, SECRET)


def test_a_weak_secret_and_a_wrong_label_are_named_together_and_the_secret_is_not_shown() -> None:
    with pytest.raises(Invalid) as refused:
        JoinKey("", b"canary-71")

    assert [problem.place for problem in refused.value.problems] == ["label", "secret"]
    assert "canary" not in f"{refused.value}{refused.value!r}"


def test_a_key_shows_its_label_alone() -> None:
    assert repr(JoinKey("k1", b"canary-71" * 4)) == "JoinKey(label='k1')"
