"""A package as one zip, for a stick or a mail: entries stored, with fixed times, in the order of their names."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from pathlib import Path

_TIME = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16


def zip_package(folder: Path, into: Path) -> Path:
    """Write the package of a folder as a zip of its name, and return its path. The same package gives the same bytes.

    Raises:
        OSError: If the disk refuses; then nothing is left over.
    """
    handle, name = tempfile.mkstemp(prefix=f".{folder.name}.", dir=into)
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                    info = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", _TIME)
                    info.external_attr, info.create_system = _MODE, 3
                    info.file_size = path.stat().st_size
                    with path.open("rb") as source, archive.open(info, "w") as out:
                        shutil.copyfileobj(source, out)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        return Path(name).replace(into / f"{folder.name}.zip")
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
