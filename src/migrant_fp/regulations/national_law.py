"""The national law around the document, with intervals, sources and certainty."""

from __future__ import annotations

from datetime import date

from migrant_fp.domain.clause import LegalBasis
from migrant_fp.schedule.notice import Certainty

_COLLECTION = "国家法律法规数据库文本的公开副本"

#: The regulation whose co-operation and notification duties (art. 3, 5, 6, 9) the document carries out.
FLOATING_POPULATION_2009 = LegalBasis(
    title="流动人口计划生育工作条例",
    number="国务院令第555号",
    since=date(2009, 10, 1),
    until=date(2021, 9, 8),
    source=_COLLECTION,
    ended_by="国务院关于废止部分行政法规的决定（国务院令第747号，文号与2021-09-09之日均据记忆）",
    until_certainty=Certainty.RECALLED,
    public_on=date(2021, 9, 26),
)

POPULATION_LAW_2001 = LegalBasis(
    title="人口与计划生育法",
    number="2001年12月29日通过",
    since=date(2002, 9, 1),
    until=date(2015, 12, 31),
    source=_COLLECTION,
    ended_by="2015年12月27日修正",
)
POPULATION_LAW_2015 = LegalBasis(
    title="人口与计划生育法",
    number="2015年12月27日修正",
    since=date(2016, 1, 1),
    until=date(2021, 8, 19),
    source=_COLLECTION,
    ended_by="2021年8月20日修正",
    inferred=True,  # the law lives on; that fee, policy and the reward for reports ended with this wording is inferred
)
POPULATION_LAW_2021 = LegalBasis(
    title="人口与计划生育法",
    number="2021年8月20日修正",
    since=date(2021, 8, 20),
    until=None,
    source=_COLLECTION,
)
#: Art. 8, in every wording of the law: those who did outstanding work are rewarded. What the yearly commendation rests on (五.1).
POPULATION_LAWS = (POPULATION_LAW_2001, POPULATION_LAW_2015, POPULATION_LAW_2021)
RESIDENCE_PERMIT_2015 = LegalBasis(
    title="居住证暂行条例",
    number="国务院令第663号",
    since=date(2016, 1, 1),
    until=None,
    source=_COLLECTION,
)
PERSONAL_INFORMATION_2021 = LegalBasis(
    title="个人信息保护法",
    number="2021年8月20日通过",
    since=date(2021, 11, 1),
    until=None,
    source=_COLLECTION,
)
