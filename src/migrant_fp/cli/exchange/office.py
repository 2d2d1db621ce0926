"""The office whose exchange it is: one folder with `office.toml`, its packages and its ledger."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from migrant_fp.adapters.ledger import SqliteLedger
from migrant_fp.application.office import Office
from migrant_fp.cli.exchange.keys import opener_of, own_sealer_of, sealers_of, signer_of, verifier_of
from migrant_fp.cli.exchange.own_copies import OwnCopies
from migrant_fp.cli.exchange.settings import SETTINGS, agency_of, read_settings
from migrant_fp.domain.errors import Invalid, Problem

_LEDGER = "ledger.db"
_DIGITS = 12


def add_office(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Add --office."""
    parser.add_argument(
        "--office",
        type=Path,
        metavar="DIR",
        required=required,
        help=f"本机构的目录，内有 {SETTINGS}（用 exchange new 建立）",
    )


def add_month(parser: argparse.ArgumentParser) -> None:
    """Add --month, and --notices, without which a month of a year to come cannot be reckoned."""
    parser.add_argument("--month", required=True, metavar="YYYY-MM", help="月份")
    parser.add_argument(
        "--notices", type=Path, metavar="PATH", help="放假通知文件或目录（JSON），补充或替换自带的通知"
    )


def whole_number(text: str) -> int:
    """Return a number from 0 on."""
    if not (text.isascii() and text.isdigit() and len(text) < _DIGITS):
        raise argparse.ArgumentTypeError(f"收到 {text[:20]!r}，应为0或正整数")
    return int(text)


@contextmanager
def opened_office(folder: Path, progress: Callable[[int], None]) -> Iterator[Office]:
    """Open an office for one command.

    Raises:
        Invalid: If office.toml, a key or the ledger cannot be used.
        MissingExtra: If a package is not installed that it needs.
        OSError: If a file cannot be read.
    """
    from migrant_fp.adapters.fsspec import FsspecChannel  # noqa: PLC0415 - an extra, and slow to load

    settings = read_settings(folder)
    agency = agency_of(settings.agency)
    shelf = OwnCopies(
        folder,
        own=own_sealer_of(settings, folder),
        signer=signer_of(settings, folder),
        verifier=verifier_of(settings, folder),
        opener=opener_of(settings, folder),
        sealers=sealers_of(settings, folder),
        unsigned=settings.unsigned,
        progress=progress,
    )
    with opened_ledger(folder) as ledger:
        yield Office(agency, ledger, shelf, FsspecChannel(settings.channel, me=agency.id))


@contextmanager
def opened_ledger(folder: Path) -> Iterator[SqliteLedger]:
    """Open the ledger of an office.

    Raises:
        Invalid: If it cannot be used.
    """
    try:
        with SqliteLedger(folder / _LEDGER) as ledger:
            yield ledger
    except sqlite3.Error as error:
        fact = f"cannot be used ({error}); end what else uses it, or put back its last copy （台账不可用）"
        raise Invalid(_LEDGER, (Problem("the file", fact),)) from None


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int], None]]:
    """Show rows as they pass, where somebody watches a terminal and tqdm is installed."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    try:
        from tqdm import tqdm  # noqa: PLC0415 - an extra
    except ImportError:
        yield lambda _: None
        return
    with tqdm(desc=what, unit="行", unit_scale=True, leave=False) as bar:

        def advance(rows: int) -> None:
            bar.update(rows)

        yield advance
