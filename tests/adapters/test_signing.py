"""Ed25519 and SM2 keep the contract, and the openssl program reads and makes the same signatures."""

import shutil
import subprocess
from pathlib import Path

import attrs
import gmssl_pyx
import pytest

from migrant_fp.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from migrant_fp.adapters.sm2 import Sm2Signer, Sm2Verifier
from migrant_fp.domain.errors import Invalid
from migrant_fp.ports.signing import NotProven, Signature, Signer, Verifier
from migrant_fp.testing.signing import SigningContract

MESSAGE = b'{"package_id":"example"}\n'
# SubjectPublicKeyInfo of an uncompressed point on the curve 1.2.156.10197.1.301, up to the point (RFC 5480, GM/T 0006).
SM2_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="the openssl program is not installed")


def _openssl(*arguments: str | Path, stdin: bytes = b"") -> bytes:
    return subprocess.run(
        ["openssl", *map(str, arguments)], input=stdin, check=True, capture_output=True
    ).stdout


def _ed25519() -> tuple[bytes, bytes]:
    from cryptography.hazmat.primitives import serialization as pem  # noqa: PLC0415 - one helper uses it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - the same

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    return private, key.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)


class TestEd25519(SigningContract):
    def make(self) -> tuple[Signer, Verifier]:
        private, public = _ed25519()
        return Ed25519Signer.from_pem("k1", private), Ed25519Verifier.from_pem({"k1": public})


class TestSm2(SigningContract):
    def make(self) -> tuple[Signer, Verifier]:
        public, private = gmssl_pyx.sm2_key_generate()
        return Sm2Signer("k1", private, public), Sm2Verifier({"k1": public})


@needs_openssl
def test_openssl_and_the_ed25519_adapter_prove_each_other(tmp_path: Path) -> None:
    private, public, message, value = (tmp_path / name for name in ("private.pem", "public.pem", "m", "sig"))
    _openssl("genpkey", "-algorithm", "ed25519", "-out", private)
    _openssl("pkey", "-in", private, "-pubout", "-out", public)
    message.write_bytes(MESSAGE)
    signer = Ed25519Signer.from_pem("k1", private.read_bytes())
    value.write_bytes(signer.sign(MESSAGE).value)

    said = _openssl(
        "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in", message, "-sigfile", value
    )
    theirs = _openssl("pkeyutl", "-sign", "-inkey", private, "-rawin", "-in", message)

    assert b"Verified Successfully" in said
    Ed25519Verifier.from_pem({"k1": public.read_bytes()}).verify(MESSAGE, Signature("ed25519", "k1", theirs))


@needs_openssl
def test_openssl_proves_what_the_sm2_adapter_signs(tmp_path: Path) -> None:
    public, private = gmssl_pyx.sm2_key_generate()
    pem, message, value = (tmp_path / name for name in ("public.pem", "m", "sig"))
    pem.write_bytes(_openssl("pkey", "-pubin", "-inform", "DER", stdin=SM2_SPKI + public))
    message.write_bytes(MESSAGE)
    value.write_bytes(Sm2Signer("k1", private, public).sign(MESSAGE).value)
    how = ("-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678")

    said = _openssl("pkeyutl", "-verify", "-pubin", "-inkey", pem, *how, "-in", message, "-sigfile", value)

    assert b"Verified Successfully" in said


@needs_openssl
def test_the_sm2_adapter_proves_what_openssl_signs(tmp_path: Path) -> None:
    pem, message = tmp_path / "private.pem", tmp_path / "m"
    _openssl("genpkey", "-algorithm", "sm2", "-out", pem)
    message.write_bytes(MESSAGE)
    public = _openssl("pkey", "-in", pem, "-pubout", "-outform", "DER")[-64:]
    how = ("-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678")

    theirs = _openssl("pkeyutl", "-sign", "-inkey", pem, *how, "-in", message)

    Sm2Verifier({"k1": public}).verify(MESSAGE, Signature("sm2-sm3", "k1", theirs))


@pytest.mark.parametrize("pem", [b"", b"not a key", _ed25519()[1]])
def test_what_is_no_private_key_is_refused_without_showing_it(pem: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        Ed25519Signer.from_pem("k1", pem)

    assert "expected an Ed25519 private key in PEM" in str(refused.value)
    assert "not a key" not in str(refused.value)


def test_every_bad_public_key_is_named_at_once() -> None:
    with pytest.raises(Invalid) as ed25519:
        Ed25519Verifier.from_pem({"good": _ed25519()[1], "a": b"", "b": _ed25519()[0]})
    with pytest.raises(Invalid) as sm2:
        Sm2Verifier({"good": gmssl_pyx.sm2_key_generate()[0], "a": b"", "b": b"\x01" * 64})

    assert [p.place for p in ed25519.value.problems] == [p.place for p in sm2.value.problems] == ["a", "b"]


def test_two_halves_of_different_sm2_pairs_are_refused() -> None:
    (public, private), (other, _) = gmssl_pyx.sm2_key_generate(), gmssl_pyx.sm2_key_generate()

    with pytest.raises(Invalid, match="are no pair"):
        Sm2Signer("k1", private, other)
    with pytest.raises(Invalid, match="expected 32 bytes"):
        Sm2Signer("k1", public, private)


def test_no_signer_shows_its_key() -> None:
    public, private = gmssl_pyx.sm2_key_generate()

    assert repr(Sm2Signer("k1", private, public)) == "Sm2Signer(key_id='k1')"
    assert repr(Ed25519Signer.from_pem("k1", _ed25519()[0])) == "Ed25519Signer(key_id='k1')"


class _Broken:
    """An Ed25519 pair with one promise broken."""

    def __init__(self, signer: Signer, verifier: Verifier, promise: str) -> None:
        self.signer, self.verifier, self.promise = signer, verifier, promise

    def sign(self, message: bytes) -> Signature:
        return self.signer.sign(message)

    def verify(self, message: bytes, signature: Signature) -> None:
        try:
            self.verifier.verify(message, signature)
        except NotProven:
            if self.promise == "names":
                raise NotProven("", "", message.decode()) from None
            if self._forgives(message, signature):
                return
            raise
        if self.promise == "proven":
            raise NotProven(signature.algorithm, signature.key_id, "never")

    def _forgives(self, message: bytes, signature: Signature) -> bool:
        whole = len(signature.value) == 64
        ours = (signature.algorithm, signature.key_id) == ("ed25519", "k1")
        return {
            "message": ours and message != MESSAGE and b"canary" not in message,
            "byte": ours and whole and message == MESSAGE,
            "length": not whole,
            "key": signature.key_id != "k1",
            "algorithm": signature.algorithm != "ed25519",
        }.get(self.promise, False)


BROKEN = {
    "test_what_was_signed_is_proven": "proven",
    "test_no_other_message_is_proven": "message",
    "test_no_changed_byte_of_a_signature_is_proven": "byte",
    "test_no_shortened_or_lengthened_signature_is_proven": "length",
    "test_a_key_that_is_not_held_proves_nothing": "key",
    "test_another_algorithm_than_the_keys_proves_nothing": "algorithm",
    "test_a_refusal_names_the_key_and_nothing_of_the_message": "names",
}


def test_every_promise_has_an_adapter_that_breaks_it() -> None:
    assert set(BROKEN) == {name for name in vars(SigningContract) if name.startswith("test_")}


@pytest.mark.parametrize("promise", BROKEN)
def test_each_promise_fails_an_adapter_that_breaks_it(promise: str) -> None:
    class Broken(TestEd25519):
        def make(self) -> tuple[Signer, Verifier]:
            broken = _Broken(*super().make(), BROKEN[promise])
            return broken, broken

    with pytest.raises((AssertionError, NotProven, pytest.fail.Exception)):
        getattr(Broken(), promise)()


def test_a_signature_can_be_kept_and_compared() -> None:
    signature = Signature("ed25519", "k1", b"\x01")

    assert attrs.evolve(signature, value=b"\x01") == signature


@needs_openssl
def test_a_pem_of_an_sm2_key_is_refused_as_no_ed25519_key() -> None:
    private = _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2")
    public = _openssl("pkey", "-pubout", stdin=private)

    with pytest.raises(Invalid, match="expected an Ed25519 private key"):
        Ed25519Signer.from_pem("k1", private)
    with pytest.raises(Invalid, match="expected an Ed25519 public key"):
        Ed25519Verifier.from_pem({"k1": public})
