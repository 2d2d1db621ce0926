"""Write docs/reference/life-cycles.md from the tables of the domain: `python tools/generate_life_cycles.py`."""

from __future__ import annotations

from pathlib import Path

from migrant_fp.domain.arrival import ARRIVAL_LIFE
from migrant_fp.domain.certificate import CERTIFICATE_LIFE
from migrant_fp.domain.collection import COLLECTION_LIFE
from migrant_fp.domain.commendation import COMMENDATION_LIFE
from migrant_fp.domain.coordinators_meeting import COORDINATORS_MEETING_LIFE
from migrant_fp.domain.dispatch import DISPATCH_LIFE
from migrant_fp.domain.hand_over import HAND_OVER_LIFE
from migrant_fp.domain.meeting import JOINT_MEETING_LIFE
from migrant_fp.domain.reward import REPORT_LIFE

PAGE = Path(__file__).parents[1] / "docs/reference/life-cycles.md"
LIVES = (
    ("联席会议, joint meeting", "一(二), 一(四)", JOINT_MEETING_LIFE.diagram()),
    ("信息互换, hand-over", "二(二)", HAND_OVER_LIFE.diagram()),
    ("已制作的数据包, dispatch", "二(三)", DISPATCH_LIFE.diagram()),
    ("收到的数据包, arrival", "二(三)", ARRIVAL_LIFE.diagram()),
    ("协管员协作例会, coordinators' meeting", "三(一)", COORDINATORS_MEETING_LIFE.diagram()),
    ("信息采集, collection", "四(三)", COLLECTION_LIFE.diagram()),
    ("婚育证明, certificate", "四(五)", CERTIFICATE_LIFE.diagram()),
    ("表彰, commendation", "五.1", COMMENDATION_LIFE.diagram()),
    ("举报奖励, report", "五.2", REPORT_LIFE.diagram()),
)


def page() -> str:
    """Return the page."""
    head = "Each is one table in the code, and this page is made from the tables by `tools/generate_life_cycles.py`."
    parts = [f"# Life cycles\n\n{head} Whatever is not drawn is refused with `WrongState`.\n"]
    parts += [f"\n## {name}\n\nClause {clause}.\n\n```mermaid\n{chart}```\n" for name, clause, chart in LIVES]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.name}")
