"""The manifest as a file: a Data Package v2 descriptor, `datapackage.json`, with keys of our own under `migrant_fp`.

It has exactly one form: what is read is made anew from its own values and compared byte for byte, so that nothing can hide in it.
"""

from __future__ import annotations

import json
from typing import Any

from migrant_fp.adapters.serialization import parse_json, structure, unstructure
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.manifest import Manifest, Resource
from migrant_fp.domain.package_tables import TABLES
from migrant_fp.domain.table import KEY, Field, Table

#: The name of the file.
DESCRIPTOR = "datapackage.json"
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_OWN = "migrant_fp"


def descriptor_of(manifest: Manifest) -> bytes:
    """Return the file of a manifest."""
    value = {
        "$schema": _PROFILE,
        "name": manifest.package_id,
        "title": f"{manifest.period} {manifest.kind.zh}" + ("（测试）" if manifest.test else ""),
        "resources": [_resource(one) for one in manifest.resources],
        _OWN: unstructure(manifest),
    }
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def manifest_of(data: bytes, what: str) -> Manifest:
    """Return the manifest of a file.

    Args:
        data: The file's bytes.
        what: Its name, for the message.

    Raises:
        Invalid: If it is not one, with every problem; or if it is not in its one form.
    """
    raw = parse_json(data, what)
    if not isinstance(raw, dict) or _OWN not in raw:
        raise Invalid(what, (Problem("the file", f'expected an object with the key "{_OWN}"'),))
    manifest = structure(raw[_OWN], Manifest, what, _OWN)
    try:
        expected = descriptor_of(manifest)
    except UnicodeEncodeError:
        fact = "holds half of a surrogate pair, which is no character"
        raise Invalid(what, (Problem("the file", fact),)) from None
    if data != expected:
        at = next((n for n, (a, b) in enumerate(zip(data, expected, strict=False)) if a != b), len(expected))
        fact = f"byte {at + 1} is not what the keys under {_OWN} say; the file has exactly one form"
        raise Invalid(what, (Problem("the file", fact),))
    return manifest


def _resource(one: Resource) -> dict[str, Any]:
    table = TABLES[one.table]
    name = one.path.removeprefix("data/").split(".", maxsplit=1)[0]
    found: dict[str, Any] = {
        "name": name,
        "title": table.zh,
        "path": one.path,
        "bytes": one.size,
        "hash": f"sha256:{one.sha256}",
    }
    if one.path.endswith(".sealed"):
        return found
    if one.path.endswith(".csv"):
        found |= {"format": "csv", "mediatype": "text/csv"}
    else:
        found |= {"format": "jsonl", "mediatype": "application/jsonl", "compression": "gz"}
    return found | {"type": "table", "encoding": "utf-8", "schema": _schema(table)}


def _schema(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(field) for field in table.fields], "missingValues": [""]}
    if table.is_keyed and not table.repeats:
        schema["primaryKey"] = [KEY]
    return schema


def _field(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {"pattern": field.pattern}
    if field.required:
        constraints["required"] = True
    return {"name": field.name, "title": field.zh, "type": "string", "constraints": constraints}
