"""AES-256-GCM and SM4-GCM keep the contract and the published vectors, and the openssl program opens what they close."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import attrs
import gmssl_pyx
import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from migrant_fp.adapters.aes_gcm import AesGcmSeal, X25519Opener, X25519Sealer
from migrant_fp.adapters.sm4_gcm import Sm2Opener, Sm2Sealer, Sm4GcmSeal
from migrant_fp.application.extras import MissingExtra
from migrant_fp.domain.errors import Invalid
from migrant_fp.ports.protection import Envelope, NotOpened, Opener, Seal, Sealer
from migrant_fp.testing.protection import ProtectionContract

DATA, CONTEXT = b'{"record":"invented"}\n', b"package-1 data/part-1.jsonl.gz"
# The prefix of a PKCS 8 or SubjectPublicKeyInfo of X25519 (RFC 8410), up to the 32 bytes of the key.
X25519_SPKI = bytes.fromhex("302a300506032b656e032100")
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="the openssl program is not installed")


def _openssl(*arguments: str | Path, stdin: bytes = b"") -> bytes:
    return subprocess.run(
        ["openssl", *map(str, arguments)], input=stdin, check=True, capture_output=True
    ).stdout


def _private(key: X25519PrivateKey | Ed25519PrivateKey, password: bytes = b"") -> bytes:
    closed = pem.BestAvailableEncryption(password) if password else pem.NoEncryption()
    return key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, closed)


def _public(key: X25519PrivateKey | Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)


class TestX25519(ProtectionContract):
    def make(self) -> tuple[Sealer, Opener]:
        key = X25519PrivateKey.generate()
        return X25519Sealer.from_pem("k1", _public(key)), X25519Opener.from_pem({"k1": _private(key)})


class TestSm2(ProtectionContract):
    def make(self) -> tuple[Sealer, Opener]:
        public, private = gmssl_pyx.sm2_key_generate()
        return Sm2Sealer("k1", public), Sm2Opener({"k1": private})


@attrs.frozen
class Vector:
    """A published example of sealing."""

    seal: AesGcmSeal | Sm4GcmSeal
    nonce: bytes
    context: bytes
    data: bytes
    ciphertext: bytes
    tag: bytes


AAD = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
VECTORS = {
    "McGrew and Viega 2005, The Galois/Counter Mode of Operation, test case 16": Vector(
        AesGcmSeal("k1", bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)),
        bytes.fromhex("cafebabefacedbaddecaf888"),
        AAD,
        bytes.fromhex(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
        ),
        bytes.fromhex(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        ),
        bytes.fromhex("76fc6ece0f4e1768cddf8853bb2d551b"),
    ),
    "RFC 8998, appendix A.1": Vector(
        Sm4GcmSeal("k1", bytes.fromhex("0123456789abcdeffedcba9876543210")),
        bytes.fromhex("00001234567800000000abcd"),
        AAD,
        bytes.fromhex("".join(letter * 16 for letter in "abcdefea")),
        bytes.fromhex(
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
            "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        ),
        bytes.fromhex("83de3541e4c2b58177e065a9bf7b62ec"),
    ),
}


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_a_published_example_is_unsealed(vector: Vector) -> None:
    assert vector.seal.unseal(vector.nonce + vector.ciphertext + vector.tag, vector.context) == vector.data


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_a_published_example_is_sealed_to_the_same_bytes(
    vector: Vector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.urandom", lambda size: vector.nonce[:size])

    assert vector.seal.seal(vector.data, vector.context) == vector.nonce + vector.ciphertext + vector.tag


@pytest.mark.parametrize("size", [1, 15, 16, 17, 1000])
def test_gmssl_unseals_what_the_sm4_adapter_seals_and_back(size: int) -> None:
    key, nonce, data = b"invented key 16b", b"invented 12b", b"x" * size
    ours = Sm4GcmSeal("k1", key).seal(data, CONTEXT)

    opened = gmssl_pyx.sm4_gcm_decrypt(key, ours[:12], CONTEXT, ours[12:-16], ours[-16:])
    theirs, tag = gmssl_pyx.sm4_gcm_encrypt(key, nonce, CONTEXT, data)

    assert opened == data
    assert Sm4GcmSeal("k1", key).unseal(nonce + theirs + tag, CONTEXT) == data


@needs_openssl
def test_openssl_alone_unwraps_the_key_of_an_x25519_envelope(tmp_path: Path) -> None:
    private, public, point = (tmp_path / name for name in ("private.pem", "public.pem", "point.pem"))
    _openssl("genpkey", "-algorithm", "x25519", "-out", private)
    _openssl("pkey", "-in", private, "-pubout", "-out", public)
    envelope, seal = X25519Sealer.from_pem("k1", public.read_bytes()).begin()
    ours, closed = envelope.wrapped[:32], envelope.wrapped[32:]
    point.write_bytes(_openssl("pkey", "-pubin", "-inform", "DER", stdin=X25519_SPKI + ours))
    mine = _openssl("pkey", "-in", private, "-pubout", "-outform", "DER")[-32:]

    secret = _openssl("pkeyutl", "-derive", "-inkey", private, "-peerkey", point)
    info = (b"x25519-aes256gcm" + ours + mine).hex()
    how = ("-kdfopt", "digest:SHA256", "-kdfopt", f"hexkey:{secret.hex()}", "-kdfopt", f"hexinfo:{info}")
    wrapping = _openssl("kdf", "-binary", "-keylen", "32", *how, "HKDF")
    content = _openssl("enc", "-d", "-id-aes256-wrap", "-K", wrapping.hex(), "-iv", "A6" * 8, stdin=closed)

    assert AesGcmSeal("k1", content).unseal(seal.seal(DATA, CONTEXT), CONTEXT) == DATA


@needs_openssl
def test_openssl_opens_the_key_of_an_sm2_envelope_and_closes_one(tmp_path: Path) -> None:
    key, public = tmp_path / "private.pem", tmp_path / "public.pem"
    _openssl("genpkey", "-algorithm", "sm2", "-out", key)
    public.write_bytes(_openssl("pkey", "-in", key, "-pubout"))
    point = _openssl("pkey", "-in", key, "-pubout", "-outform", "DER")[-64:]
    text = _openssl("pkey", "-in", key, "-text", "-noout").decode()
    digits = re.sub(r"[\s:]", "", text.partition("priv:")[2].partition("pub:")[0])
    opener = Sm2Opener({"k1": int(digits, 16).to_bytes(32)})
    envelope, seal = Sm2Sealer("k1", point).begin()

    content = _openssl("pkeyutl", "-decrypt", "-inkey", key, stdin=envelope.wrapped)
    theirs = _openssl("pkeyutl", "-encrypt", "-pubin", "-inkey", public, stdin=content)

    assert Sm4GcmSeal("k1", content).unseal(seal.seal(DATA, CONTEXT), CONTEXT) == DATA
    opened = opener.open(Envelope("sm2-sm4gcm", "k1", theirs))
    assert opened.unseal(seal.seal(DATA, CONTEXT), CONTEXT) == DATA


def test_a_content_key_of_the_wrong_size_does_not_unwrap() -> None:
    public, private = gmssl_pyx.sm2_key_generate()
    short = Envelope("sm2-sm4gcm", "k1", gmssl_pyx.sm2_encrypt(public, b"fifteen bytes.."))

    with pytest.raises(NotOpened, match="does not unwrap"):
        Sm2Opener({"k1": private}).open(short)


def test_a_content_key_of_16_bytes_does_not_unwrap_for_aes_256(monkeypatch: pytest.MonkeyPatch) -> None:
    key = X25519PrivateKey.generate()
    monkeypatch.setattr("os.urandom", lambda _: bytes(16))
    envelope, _ = X25519Sealer.from_pem("k1", _public(key)).begin()

    with pytest.raises(NotOpened, match="does not unwrap"):
        X25519Opener.from_pem({"k1": _private(key)}).open(envelope)


@needs_openssl
def test_an_encrypted_private_key_is_opened_by_its_password_beside_a_plain_one() -> None:
    old, new = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    closed = _openssl("pkey", "-aes256", "-passout", "pass:invented", stdin=_private(old))
    opener = X25519Opener.from_pem({"old": closed, "new": _private(new)}, b"invented")

    for name, key in (("old", old), ("new", new)):
        envelope, seal = X25519Sealer.from_pem(name, _public(key)).begin()
        assert opener.open(envelope).unseal(seal.seal(DATA, CONTEXT), CONTEXT) == DATA


def test_every_bad_private_key_is_named_at_once_and_none_is_shown() -> None:
    x25519, ed25519 = X25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    bad = {"a": b"not a key", "b": _private(ed25519), "c": _private(x25519, b"right"), "d": _public(x25519)}

    with pytest.raises(Invalid) as refused:
        X25519Opener.from_pem({"good": _private(x25519), **bad}, b"wrong")
    with pytest.raises(Invalid) as sm2:
        Sm2Opener({"good": b"\x01" * 32, "a": b"canary", "b": bytes(32), "c": b"\xff" * 32})

    assert [p.place for p in refused.value.problems] == ["a", "b", "c", "d"]
    assert "expected an X25519 private key in PEM" in str(refused.value)
    assert "not a key" not in str(refused.value)
    assert [p.place for p in sm2.value.problems] == ["a", "b", "c"]
    assert "expected 32 bytes of an SM2 private key" in str(sm2.value)
    assert "canary" not in str(sm2.value)


def test_an_sm2_private_key_is_at_most_the_order_of_the_curve_less_two() -> None:
    order = int("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123", 16)

    Sm2Opener({"k1": (order - 2).to_bytes(32)})
    with pytest.raises(Invalid, match="expected 32 bytes of an SM2 private key"):
        Sm2Opener({"k1": (order - 1).to_bytes(32)})


@needs_openssl
def test_an_sm2_key_is_no_x25519_key() -> None:
    private = _openssl("genpkey", "-algorithm", "sm2")

    with pytest.raises(Invalid, match="expected an X25519 private key"):
        X25519Opener.from_pem({"k1": private})
    with pytest.raises(Invalid, match="expected an X25519 public key"):
        X25519Sealer.from_pem("k1", _openssl("pkey", "-pubout", stdin=private))


@needs_openssl
def test_what_is_no_public_key_is_refused() -> None:
    nobodys = _openssl("pkey", "-pubin", "-inform", "DER", stdin=X25519_SPKI + bytes(32))

    for bad in (b"", b"not a key", nobodys, _public(Ed25519PrivateKey.generate())):
        with pytest.raises(Invalid, match="k1: expected an X25519 public key in PEM"):
            X25519Sealer.from_pem("k1", bad)
    for raw in (b"", b"\x01" * 64, bytes(64), gmssl_pyx.sm2_key_generate()[0][:63]):
        with pytest.raises(Invalid, match="k1: expected 64 bytes"):
            Sm2Sealer("k1", raw)


def test_a_public_key_without_a_common_secret_in_an_envelope_is_refused() -> None:
    opener = X25519Opener.from_pem({"k1": _private(X25519PrivateKey.generate())})

    with pytest.raises(NotOpened, match="does not unwrap"):
        opener.open(Envelope("x25519-aes256gcm", "k1", bytes(72)))


def test_a_refusal_says_what_is_wrong_and_what_to_do() -> None:
    _, opener = TestX25519().make()
    said = []
    for algorithm, key_id in (("none", "k1"), ("x25519-aes256gcm", "k2"), ("x25519-aes256gcm", "k1")):
        with pytest.raises(NotOpened) as refused:
            opener.open(Envelope(algorithm, key_id, b""))
        said.append(str(refused.value))
    unwrapped = "the content key does not unwrap: it was closed for another key, or changed on the way"

    assert said == [
        "sealed to key k1 (none): expected the algorithm x25519-aes256gcm （无法解封）",
        "sealed to key k2 (x25519-aes256gcm): no such private key is held here; add it （无法解封）",
        f"sealed to key k1 (x25519-aes256gcm): {unwrapped} （无法解封）",
    ]


@pytest.mark.parametrize(
    ("module", "absent", "extra"),
    [("aes_gcm", "cryptography", "gm"), ("sm4_gcm", "cryptography", "gm"), ("sm4_gcm", "gmssl_pyx", "sm2")],
)
def test_an_adapter_without_its_package_names_the_extra(module: str, absent: str, extra: str) -> None:
    program = f"""
import sys
sys.modules[{absent!r}] = None
try:
    import migrant_fp.adapters.{module}
except ImportError as error:
    print(type(error).__name__, error.extra)
"""
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout

    assert said.split() == [MissingExtra.__name__, extra]


class _BrokenSeal:
    """A seal with one promise broken."""

    def __init__(self, seal: Seal, promise: str) -> None:
        self.inner, self.promise = seal, promise
        self.sealed: dict[tuple[bytes, bytes], bytes] = {}

    def seal(self, data: bytes, context: bytes) -> bytes:
        if self.promise == "plain":
            return self.inner.seal(b"", context + data) + data
        if self.promise == "same" and (data, context) in self.sealed:
            return self.sealed[data, context]
        context_kept = context[:1] if self.promise == "context" else context
        self.sealed[data, context] = self.inner.seal(data, context_kept)
        return self.sealed[data, context]

    def unseal(self, data: bytes, context: bytes) -> bytes:
        try:
            if self.promise == "plain":
                self.inner.unseal(data[:28], context + data[28:])
                return data[28:]
            opened = self.inner.unseal(data, context[:1] if self.promise == "context" else context)
        except NotOpened as error:
            for (kept, place), sealed in self.sealed.items():
                if self.promise == "names":
                    raise attrs.evolve(error, fact=repr(kept)) from None
                found = "byte" if len(sealed) == len(data) else "length"
                if self.promise == found and place == context and b"canary" not in data:
                    return kept
            raise
        return opened[:1000] if self.promise == "back" else opened

    def __repr__(self) -> str:
        return "seal(b'secret')" if self.promise == "shows" else "seal"


class _Broken:
    """A sealer and its opener with one promise broken."""

    everywhere: tuple[tuple[Envelope, _BrokenSeal], ...] = ()

    def __init__(self, sealer: Sealer, opener: Opener, promise: str) -> None:
        self.sealer, self.opener, self.promise = sealer, opener, promise
        self.begun: list[tuple[Envelope, _BrokenSeal]] = []

    def begin(self) -> tuple[Envelope, Seal]:
        if self.promise == "fresh" and self.begun:
            return self.begun[-1]
        envelope, seal = self.sealer.begin()
        self.begun.append((envelope, _BrokenSeal(seal, self.promise)))
        _Broken.everywhere = (*_Broken.everywhere, self.begun[-1])
        return self.begun[-1]

    def open(self, envelope: Envelope) -> Seal:
        for ours, seal in self.begun:
            if ours == envelope:
                return seal
        try:
            return self.opener.open(envelope)
        except NotOpened:
            for ours, seal in _Broken.everywhere if self.promise == "stranger" else self.begun:
                if self._forgives(ours, envelope):
                    return seal
            raise

    def _forgives(self, ours: Envelope, envelope: Envelope) -> bool:
        same_key, same_size = ours.key_id == envelope.key_id, len(ours.wrapped) == len(envelope.wrapped)
        same_algorithm, canary = ours.algorithm == envelope.algorithm, envelope.wrapped == b"canary-71"
        return {
            "stranger": ours == envelope,
            "key": not same_key,
            "algorithm": not same_algorithm,
            "wrapped byte": same_key and same_algorithm and same_size,
            "wrapped length": same_key and same_algorithm and not same_size and not canary,
        }.get(self.promise, False)


BROKEN = {
    "test_what_was_sealed_comes_back": "back",
    "test_what_is_sealed_shows_nothing_of_the_data": "plain",
    "test_in_another_context_nothing_is_unsealed": "context",
    "test_no_changed_byte_of_what_is_sealed_is_unsealed": "byte",
    "test_nothing_shortened_or_lengthened_is_unsealed": "length",
    "test_no_changed_byte_of_a_wrapped_key_is_opened": "wrapped byte",
    "test_no_shortened_or_lengthened_wrapped_key_is_opened": "wrapped length",
    "test_the_key_of_another_receiver_opens_nothing": "stranger",
    "test_an_envelope_to_a_key_that_is_not_held_is_not_opened": "key",
    "test_an_envelope_of_another_algorithm_is_not_opened": "algorithm",
    "test_the_same_data_sealed_twice_look_different": "same",
    "test_every_envelope_holds_a_key_of_its_own": "fresh",
    "test_a_refusal_names_the_key_and_nothing_of_the_data": "names",
    "test_nothing_shows_the_bytes_of_a_key": "shows",
}


def test_every_promise_has_an_adapter_that_breaks_it() -> None:
    assert set(BROKEN) == {name for name in vars(ProtectionContract) if name.startswith("test_")}


@pytest.mark.parametrize("broken", BROKEN)
def test_an_adapter_that_breaks_one_promise_fails_that_test_and_no_other(broken: str) -> None:
    class Broken(TestX25519):
        def make(self) -> tuple[Sealer, Opener]:
            both = _Broken(*super().make(), BROKEN[broken])
            return both, both

    failed = []
    for promise in BROKEN:
        try:
            getattr(Broken(), promise)()
        except (AssertionError, NotOpened, pytest.fail.Exception):
            failed.append(promise)

    assert failed == [broken]
