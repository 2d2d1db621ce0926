"""Another office's rules, from its own paper, in thirty lines: values, no subclass.

The wordings are those of a district of Xi'an, of Tianjin, of a town in Guangdong and of a statute; see the reference
on rules for more.

Prints:

    quarter-report/2026-Q1 2026-01-10 周六前（含当日）；当日休息，宜在1月9日前办结
    quarter-report/2026-Q2 2026-04-10 周五前（含当日）
    quarter-report/2026-Q3 2026-07-10 周五前（含当日）
    quarter-report/2026-Q4 2026-10-10 周六前（含当日）
    briefing/2026-W41 2026-10-08 周四，原定10月5日：国庆节放假至10月7日，顺延3日
    answer/2026-10-09 2026-10-09 周五前（含当日）
"""

from datetime import date

import attrs

from migrant_fp import After, Bound, Convention, Rule, due, plan
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.schedule.period import QUARTER, WEEK
from migrant_fp.schedule.rule import MONDAY, DayOfPeriod


@attrs.frozen
class Item:
    """Whatever has an id and a rule can be planned."""

    id: str
    rule: Rule


REPORT = Item(
    "quarter-report", Rule(every=QUARTER, at=DayOfPeriod(10), bound=Bound.BY)
)  # 每季度第一个月10日前
BRIEFING = Item(
    "briefing", Rule(every=WEEK, at=MONDAY, convention=Convention.FOLLOWING)
)  # 每周一，遇节假日顺延
ANSWER = After("request received", working_days=3)  # 三个工作日内

calendar = working_calendar()
for report in plan(REPORT, 2026, calendar):
    print(report.id, report.explain())
for briefing in plan(BRIEFING, 2026, calendar):
    if briefing.nominal == date(2026, 10, 5):
        print(briefing.id, briefing.explain())
answer = due("answer", ANSWER, date(2026, 9, 29), calendar)
print(answer.id, answer.explain())
