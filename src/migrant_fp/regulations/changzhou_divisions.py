"""The divisions of Changzhou with their dates, as values.

County level: GB/T 2260 as published by the ministry (lists of 2011-12 to 2015-06) and the State Council's approval
国函〔2015〕75号. Its day, 2015-04-28, was found in secondary sources, and the day on which it took effect in May 2015
was not found: the day after the approval is taken, and marked as assumed. Towns and streets: the list of 2013 or 2014
(the year is not stated); a list of 2011 was not found. Of the towns that changed in 2015 the nine-digit codes before and
after are known, and they are divisions here; that they moved on the day of the county level is assumed. Of the others only the
names are known, and they are in `TOWNS_2013` alone.
"""

from __future__ import annotations

from datetime import date, timedelta

from migrant_fp.domain.division import Division, Divisions
from migrant_fp.schedule.notice import Certainty

CITY = "320400"
_APPROVED = date(2015, 4, 28)
_NEXT = _APPROVED + timedelta(1)
_GB = "GB/T 2260，民政部2011-12至2015-06各期"
_2015 = "国函〔2015〕75号"
_TOWNS_SOURCE = "乡镇级区划名单（2013或2014年，非2011年）"
_MOVED_SOURCE = f"{_TOWNS_SOURCE}与2015-09-30名单对照；{_2015}"
_A = Certainty.ASSUMED

_COUNTIES = (
    Division(CITY, "常州市", None, source=_GB),
    Division("320402", "天宁区", CITY, source=_GB),
    Division("320404", "钟楼区", CITY, source=_GB),
    Division("320405", "戚墅堰区", CITY, None, _APPROVED, f"{_GB}；{_2015}", _A),
    Division("320411", "新北区", CITY, date(2002, 4, 3), source="国函〔2002〕22号"),
    Division("320412", "武进区", CITY, date(2002, 4, 3), _APPROVED, f"国函〔2002〕22号；{_2015}", _A),
    Division("320412", "武进区", CITY, _NEXT, None, _2015, _A, ("320405",)),
    Division("320413", "金坛区", CITY, _NEXT, None, _2015, _A, ("320482",)),
    Division("320481", "溧阳市", CITY, date(1990, 8, 15), source=_GB),
    Division("320482", "金坛市", CITY, date(1993, 11, 10), _APPROVED, f"{_GB}；{_2015}", _A),
)
#: The towns and streets that went from one district to another in 2015: name, code before and code after.
_MOVED = (
    ("郑陆镇", "320412109", "320402109"),
    ("邹区镇", "320412116", "320404116"),
    ("奔牛镇", "320412122", "320411122"),
    ("戚墅堰街道", "320405001", "320412001"),
    ("丁堰街道", "320405002", "320412002"),
    ("潞城街道", "320405003", "320412003"),
)
_TOWNS = (
    *(Division(old, name, old[:6], None, _APPROVED, _MOVED_SOURCE, _A) for name, old, _ in _MOVED),
    *(Division(new, name, new[:6], _NEXT, None, _MOVED_SOURCE, _A, (old,)) for name, old, new in _MOVED),
    # Gone from the list of 2015; what took its place is not known to us.
    Division("320482105", "尧塘镇", "320482", None, _APPROVED, _MOVED_SOURCE, _A),
    Division("320413001", "西城街道", "320413", _NEXT, None, _MOVED_SOURCE, _A),
)
#: Streets and towns by county, before the change of 2015: names; national codes are known for those of `DIVISIONS` only.
TOWNS_2013: dict[str, tuple[str, ...]] = {
    "320402": ("雕庄街道", "青龙街道", "茶山街道", "红梅街道", "天宁街道", "兰陵街道"),
    "320404": ("五星街道", "永红街道", "北港街道", "西林街道", "南大街街道", "荷花池街道", "新闸街道"),
    "320405": ("戚墅堰街道", "丁堰街道", "潞城街道"),
    "320411": (
        "河海街道",
        "三井街道",
        "龙虎塘街道",
        "春江镇",
        "孟河镇",
        "新桥镇",
        "薛家镇",
        "罗溪镇",
        "西夏墅镇",
    ),
    "320412": (
        *(
            "湖塘镇",
            "牛塘镇",
            "洛阳镇",
            "遥观镇",
            "横林镇",
            "横山桥镇",
            "郑陆镇",
            "雪堰镇",
            "前黄镇",
            "礼嘉镇",
        ),
        *("邹区镇", "嘉泽镇", "湟里镇", "奔牛镇"),
    ),
    "320481": (
        "溧城镇",
        "埭头镇",
        "上黄镇",
        "戴埠镇",
        "天目湖镇",
        "别桥镇",
        "上兴镇",
        "竹箦镇",
        "南渡镇",
        "社渚镇",
    ),
    "320482": ("金城镇", "儒林镇", "尧塘镇", "直溪镇", "朱林镇", "薛埠镇", "指前镇"),
}

#: The county level and the towns of known codes, dated. A site adds its towns from a file of its own
#: (`migrant_fp.adapters.division_files`).
DIVISIONS = Divisions((*_COUNTIES, *_TOWNS))

#: The seven 辖市（区） of the document, by code, and the three of 五.3 that set up the system by analogy.
DISTRICTS_2011 = ("320402", "320404", "320405", "320411", "320412", "320481", "320482")
BY_ANALOGY = ("320412", "320482", "320481")
TOWNS_SOURCE = _TOWNS_SOURCE
