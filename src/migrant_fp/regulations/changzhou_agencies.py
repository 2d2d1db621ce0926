"""The agencies of the document: the three city bodies that issued it, and the three parties of each 辖市（区）of 2011 and 2015.

Names are those of the document. Later names are known by year only, from the reforms of the State Council's departments
and of local ones: 人口计生 became 卫生计生 in 2014-2015 and 卫生健康 by March 2019; the days are recalled, and so marked.
That the agencies of 戚墅堰区 and 金坛市 ended with their divisions in 2015, and that those of 武进区 and 金坛区 took over their
work, is assumed.
"""

from __future__ import annotations

from datetime import date

from migrant_fp.domain.agency import Agencies, Agency, OfficeName, Role
from migrant_fp.domain.duty import Level
from migrant_fp.regulations.changzhou_divisions import CITY, DISTRICTS_2011, DIVISIONS
from migrant_fp.schedule.notice import Certainty

_R = Certainty.RECALLED
_CITY_NAMES = {
    Role.FAMILY_PLANNING: (
        OfficeName("常州市人口和计划生育委员会", None, date(2014, 12, 31), _R),
        OfficeName("常州市卫生和计划生育委员会", date(2015, 1, 1), date(2019, 2, 28), _R),
        OfficeName("常州市卫生健康委员会", date(2019, 3, 1), None, _R),
    ),
    Role.PUBLIC_SECURITY: (OfficeName("常州市公安局"),),
    Role.COORDINATION: (
        OfficeName("常州市综治委流动人口服务和管理领导小组办公室", None, date(2018, 12, 31), _R),
    ),
}

#: The agencies that took over the work of others in 2015, by the codes of their divisions.
_TOOK_OVER_2015 = {"320413": "320482", "320412": "320405"}


def _of_district(role: Role, code: str) -> Agency:
    rows = [row for row in DIVISIONS.rows if row.code == code]
    over = _TOOK_OVER_2015.get(code)
    since = None if code in DISTRICTS_2011 else rows[0].since
    until = rows[-1].until
    certainty = rows[-1].certainty if since or until else Certainty.FOUND
    succeeds = (f"{role.value}/{Level.DISTRICT.value}/{over}",) if over else ()
    return Agency(role, Level.DISTRICT, code, (), succeeds, since, until, certainty)


AGENCIES = Agencies(
    [
        *(Agency(role, Level.CITY, CITY, _CITY_NAMES[role]) for role in Role),
        *(_of_district(role, code) for code in (*DISTRICTS_2011, "320413") for role in Role),
    ]
)
