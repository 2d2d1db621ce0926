"""Files and folders with personal data: nobody else can open them, and nothing is left of them after success, failure or Ctrl-C."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_PREFIX = ".reconcile-"


@contextmanager
def private_folder(home: Path) -> Iterator[Path]:
    """Give a folder for one run, and remove it; what a run left that was killed is removed first."""
    for left in home.glob(f"{_PREFIX}*"):
        if not _is_alive(left.name.removeprefix(_PREFIX).partition("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=home, prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        yield Path(folder)


def _is_alive(process: str) -> bool:
    """Return whether a process may still run; where the system cannot be asked, it may."""
    if os.name != "posix" or not process.isdigit():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def private_file(path: Path) -> Iterator[IO[str]]:
    """Give a file to write, which is put in its place when all is written, and which its owner alone can read (0600).

    Raises:
        OSError: If it cannot be written; what was there before stays.
    """
    if path.is_dir():
        raise IsADirectoryError(21, "Is a directory", str(path))
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
