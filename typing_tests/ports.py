"""Each adapter has the shape of its port; a line each."""

from pathlib import Path

from migrant_fp.adapters.memory import MemoryCollectionSystem, MemoryStore
from migrant_fp.adapters.notice_files import NoticeFiles
from migrant_fp.domain.agency import Role
from migrant_fp.ports.collection_system import CollectionSystem
from migrant_fp.ports.notices import HolidayNotices
from migrant_fp.ports.unit_of_work import Store

notices: HolidayNotices = NoticeFiles(Path("2027.json"))
store: Store = MemoryStore()
system: CollectionSystem = MemoryCollectionSystem(Role.FAMILY_PLANNING)
