"""The exchange package on disk: written, read and zipped. Everything else here is an implementation detail."""

from migrant_fp.adapters.package.archive import zip_package
from migrant_fp.adapters.package.case_files import CaseFiles
from migrant_fp.adapters.package.peeking import peek
from migrant_fp.adapters.package.reading import Package, read_package
from migrant_fp.adapters.package.shelf import PackageShelf
from migrant_fp.adapters.package.source import Limits
from migrant_fp.adapters.package.writing import Written, write_package

__all__ = [
    "CaseFiles",
    "Limits",
    "Package",
    "PackageShelf",
    "Written",
    "peek",
    "read_package",
    "write_package",
    "zip_package",
]
