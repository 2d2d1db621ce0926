"""The keys of an office, read from the files that office.toml names. What signs and opens is loaded only where a key is entered."""

from __future__ import annotations

from pathlib import Path

from migrant_fp.cli.exchange.settings import Key, OfficeSettings
from migrant_fp.ports.protection import Opener, Sealer
from migrant_fp.ports.signing import Signer, Verifier


def signer_of(settings: OfficeSettings, folder: Path) -> Signer | None:
    """Return what signs for an office; None where it has no key."""
    if settings.sign is None:
        return None
    from migrant_fp.adapters.ed25519 import Ed25519Signer  # noqa: PLC0415 - an extra

    return Ed25519Signer.from_pem(settings.sign.id, _pem(settings.sign, folder))


def verifier_of(settings: OfficeSettings, folder: Path) -> Verifier | None:
    """Return what proves the others' signatures, and the office's own; None where no key of another is held."""
    if not settings.trust:
        return None
    from migrant_fp.adapters.ed25519 import Ed25519Verifier  # noqa: PLC0415 - an extra

    keys = {key.id: _pem(key, folder) for key in settings.trust}
    if settings.sign is not None and signer_of(settings, folder):
        keys[settings.sign.id] = _public_half(_pem(settings.sign, folder))
    return Ed25519Verifier.from_pem(keys)


def opener_of(settings: OfficeSettings, folder: Path) -> Opener | None:
    """Return what opens for an office; None where it has no key."""
    if settings.open is None:
        return None
    from migrant_fp.adapters.aes_gcm import X25519Opener  # noqa: PLC0415 - an extra

    return X25519Opener.from_pem({settings.open.id: _pem(settings.open, folder)})


def sealers_of(settings: OfficeSettings, folder: Path) -> dict[str, Sealer]:
    """Return what seals to the others, by the id of the agency."""
    if not settings.seal:
        return {}
    from migrant_fp.adapters.aes_gcm import X25519Sealer  # noqa: PLC0415 - an extra

    return {
        key.id.partition("#")[0]: X25519Sealer.from_pem(key.id, _pem(key, folder)) for key in settings.seal
    }


def own_sealer_of(settings: OfficeSettings, folder: Path) -> Sealer | None:
    """Return what seals to the office itself; None where it has no key."""
    if settings.open is None or opener_of(settings, folder) is None:
        return None
    from migrant_fp.adapters.aes_gcm import X25519Sealer  # noqa: PLC0415 - an extra

    return X25519Sealer.from_pem(settings.open.id, _public_half(_pem(settings.open, folder)))


def _pem(key: Key, folder: Path) -> bytes:
    return (folder / key.file).read_bytes()


def _public_half(private: bytes) -> bytes:
    """Return the public half of a private key that was read before, both in PEM."""
    from cryptography.hazmat.primitives import serialization as pem  # noqa: PLC0415 - an extra

    public = pem.load_pem_private_key(private, None).public_key()
    return public.public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
