"""Each adapter has the shape of its port; a line each."""

from pathlib import Path

from migrant_fp.adapters.notice_files import NoticeFiles
from migrant_fp.ports.notices import HolidayNotices

notices: HolidayNotices = NoticeFiles(Path("2027.json"))
