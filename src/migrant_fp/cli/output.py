"""Where a command writes: the screen, or a file that is whole or not there."""

from __future__ import annotations

import sys
from pathlib import Path

from migrant_fp.adapters.whole_file import write_whole


def write(content: str | bytes, path: Path | None) -> None:
    """Write to the screen, or to a file, which is replaced in one step.

    Raises:
        OSError: If the file cannot be written; what was there before stays.
    """
    if path is not None:
        write_whole(path, content.encode() if isinstance(content, str) else content)
    elif isinstance(content, str):
        sys.stdout.write(content)
    else:
        sys.stdout.buffer.write(content)
