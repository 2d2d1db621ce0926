"""一(二) 每季度第一个月的5日召开(遇节假日顺延)；二(二) 每月5日前；三(一) 每月上旬；五.1 每年."""

from datetime import date

import pytest

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.application.schedule_year import read_as, schedule_year
from migrant_fp.domain.duty import Standing
from migrant_fp.regulations import changzhou_2011_134 as document
from migrant_fp.schedule.convention import Convention, Reading
from migrant_fp.schedule.occurrence import plan
from migrant_fp.schedule.period import QUARTER
from migrant_fp.schedule.rule import Bound, DayOfPeriod, Rule

CALENDAR = working_calendar()


def test_the_joint_meetings_of_2013_are_explained() -> None:
    assert [meeting.explain() for meeting in plan(document.JOINT_MEETING, 2013, CALENDAR)] == [
        "2013-01-05 周六（调休上班），按期",
        "2013-04-07 周日（调休上班），原定4月5日：清明节放假至4月6日，顺延2日",
        "2013-07-05 周五，按期",
        "2013-10-08 周二，原定10月5日：国庆节放假至10月7日，顺延3日",
    ]


def test_the_joint_meetings_of_2013_are_explained_in_english() -> None:
    assert [meeting.explain("en") for meeting in plan(document.JOINT_MEETING, 2013, CALENDAR)][:2] == [
        "2013-01-05 Sat (make-up working day), as scheduled",
        "2013-04-07 Sun (make-up working day), due 05 Apr: Qingming Festival, off until 06 Apr; 2 day(s) later",
    ]


def test_a_plain_weekend_is_called_one() -> None:
    july = list(plan(document.JOINT_MEETING, 2009, CALENDAR))[2]

    assert july.explain() == "2009-07-06 周一，原定7月5日：周末休息至7月5日，顺延1日"


@pytest.mark.parametrize("duty", [document.EXCHANGE_DISTRICT, document.EXCHANGE_TOWN])
def test_every_october_the_exchange_has_no_working_day_and_says_so(duty: document.Duty) -> None:
    october = list(plan(duty, 2011, CALENDAR))[9]

    assert (october.id, october.act_by) == (f"{duty.id}/2011-10", date(2011, 9, 30))
    assert october.explain() == "2011-10-05 周三前（含当日）；本期至此无工作日，宜在9月30日前办结"
    assert "no working day" in october.explain("en")


def test_an_exchange_due_on_a_rest_day_advises_the_day_before() -> None:
    april, may = list(plan(document.EXCHANGE_TOWN, 2013, CALENDAR))[3:5]

    assert "当日休息，宜在4月3日前办结" in april.explain()
    assert "a rest day: best done by 03 May" in may.explain("en")


def test_the_coordinators_meeting_is_a_window_until_a_day_is_agreed() -> None:
    october = list(plan(document.COORDINATORS_MEETING, 2011, CALENDAR))[9]

    assert october.id == "coordinators-meeting/2011-10"
    assert october.explain() == "2011-10-01至2011-10-10，待商定；工作日3天：8-10日"
    assert october.explain("en").endswith("to be agreed; 3 working days: 8-10")


def test_the_commendation_has_a_year_and_no_day() -> None:
    (year,) = plan(document.ANNUAL_COMMENDATION, 2012, CALENDAR)

    assert year.explain() == "2012-01-01至2012-12-31之内，日期待定"
    assert year.explain("en") == "within 2012-01-01 to 2012-12-31, day open"


def test_an_adopter_can_read_前_exclusively_and_节假日_narrowly() -> None:
    duties = read_as((document.JOINT_MEETING, document.EXCHANGE_TOWN), Reading.NAMED, Bound.BEFORE)

    found = {entry.occurrence.id: entry for entry in schedule_year(duties, 2009, CALENDAR)}
    assert found["joint-meeting/2009-Q3"].occurrence.actual == date(2009, 7, 5)
    assert found["exchange-town/2009-07"].occurrence.last == date(2009, 7, 4)
    assert found["exchange-town/2009-07"].as_row()["bound"] == "by"


def test_a_year_without_notice_is_marked_provisional() -> None:
    row = next(schedule_year((document.JOINT_MEETING,), 2027, CALENDAR))

    assert row.as_row()["certainty"] == "provisional"
    assert row.standing is Standing.BASIS_ENDED
    assert "（暂定" in row.occurrence.explain()
    assert "provisional" in row.occurrence.explain("en")


def test_a_date_moved_back_says_提前() -> None:

    back = Rule(every=QUARTER, at=DayOfPeriod(5), convention=Convention.PRECEDING)
    october = list(plan(document.JOINT_MEETING.with_rule(back), 2011, CALENDAR))[3]

    assert october.explain() == "2011-09-30 周五，原定10月5日：国庆节放假至10月5日，提前5日"
    assert october.explain("en").endswith("5 day(s) earlier")
