"""What a person reads is part of the promise: every finding and every refusal of the domain, word for word.

The sentences are written here by hand. A change of wording is then a change that somebody decided.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import attrs
import pytest

from migrant_fp import plan
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.domain.agency import Agencies, Agency, NamedPerson, OfficeName, Role, without_named_person
from migrant_fp.domain.assessment import Measure, Subject, assess, gathering_facts
from migrant_fp.domain.assessment_system import AssessmentSystem, system_for
from migrant_fp.domain.certificate import (
    Certificate,
    CertificateEvent,
    CertificateState,
    permit_desk_findings,
    service_station_findings,
)
from migrant_fp.domain.clause import LegalBasis, NoSuchClause, require_basis
from migrant_fp.domain.collection import Collection, Recipient, card_for, collection_findings
from migrant_fp.domain.commendation import (
    Commendation,
    CommendationSettings,
    CommendationState,
    Nomination,
    commendation_findings,
    select,
)
from migrant_fp.domain.coordinators_meeting import (
    Attendee,
    CoordinatorsMeeting,
    Host,
    Task,
    Topic,
    coordinators_meeting_findings,
    open_tasks,
)
from migrant_fp.domain.division import Division, Divisions, NoSuchDivision
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import Invalid, NoLegalBasis, NotModelled, NotYetIssued, WrongState
from migrant_fp.domain.exchange import Round, round_findings
from migrant_fp.domain.finding import Action, Finding
from migrant_fp.domain.form import FormSettings, RegistrationForm
from migrant_fp.domain.form_gaps import Gap, gaps, notes
from migrant_fp.domain.form_items import Births, Contraception, Item, Marriage
from migrant_fp.domain.hand_over import HandOverEvent
from migrant_fp.domain.meeting import AgendaItem, Decision, JointMeeting, Minutes, Post
from migrant_fp.domain.meeting_findings import meeting_findings
from migrant_fp.domain.person import Birthday, IdentityNumber, Person, Sex, Stay, floating, suggested
from migrant_fp.domain.reward import Report
from migrant_fp.domain.staff import Inquiry, Pair, Source, StaffKind, StaffMember, not_provided
from migrant_fp.regulations.changzhou_2011_134 import (
    COORDINATORS_MEETING,
    DOCUMENT,
    EXCHANGE_DISTRICT,
    JOINT_MEETING,
)
from migrant_fp.regulations.changzhou_divisions import DIVISIONS
from migrant_fp.regulations.changzhou_form import SETTINGS
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009 as LAW

CALENDAR = working_calendar()
FIRST_MEASURE, SECOND_MEASURE = tuple(Measure)[:2]
JOINT = JointMeeting.regular(list(plan(JOINT_MEETING, 2011, CALENDAR))[3], "320411")  # set for 2011-10-08
CONVENERS = "公安局（分局）分管户政（治安）工作的副局长、人口计生局分管流动人口计划生育服务管理工作的副局长"
HOSTS = (
    "镇（街道）计生办分管流动人口服务管理工作的主任或副主任、流动人口服务管理中心负责人、公安派出所分管副所长"
)
MINUTES = Minutes((Decision("1", AgendaItem.PROBLEMS, "例", ("office-a", "office-b")),))
HELD = JOINT.hold(date(2011, 10, 8), tuple(Post), tuple(AgendaItem))
MINUTED = HELD.minute(MINUTES, date(2011, 10, 10))
DISPATCHED = MINUTED.dispatch(date(2011, 10, 11))
EXTRA = JointMeeting.proposed("x1", "320411", Role.PUBLIC_SECURITY, date(2011, 6, 1))
EXTRA_AGREED = EXTRA.agree(Post.DEPUTY_POLICE, date(2011, 6, 1)).agree(
    Post.DEPUTY_FAMILY_PLANNING, date(2011, 6, 2)
)
CANCELLED = JOINT.cancel(date(2011, 10, 7), "例")
TIE = Commendation(
    2011,
    select(
        [Nomination(name, date(2011, 11, 1), Fraction(1), 1) for name in ("S-1", "S-2")],
        CommendationSettings(limit=1),
    ),
)
GATHERING = CoordinatorsMeeting.opened(
    list(plan(COORDINATORS_MEETING, 2011, CALENDAR))[5], "320411001"
)  # June
AGREED = GATHERING.propose(date(2011, 6, 8), Host.CENTRE).consent(Host.POLICE).consent(Host.FAMILY_PLANNING)
PARTIES = tuple(Agency(role, Level.DISTRICT, "320411") for role in Role)
JUNE = list(plan(EXCHANGE_DISTRICT, 2011, CALENDAR))[5]
ROUND = Round.opened(JUNE, PARTIES)
FIRST = ROUND.hand_overs[0]
PAIR = Pair("S-1", "W-1", "C-1", date(2011, 5, 18))
BOUND_LATER = attrs.evolve(PAIR, since=date(2011, 6, 2))
MAN = RegistrationForm("F-1", date(2011, 6, 1), "示例甲", Sex.MALE, date(1985, 3, 1))
COLLECTION = Collection(MAN, PAIR, date(2011, 6, 1))
FORM_OF_RULE = LegalBasis("示例条例", "示例1号", date(2010, 1, 1), date(2012, 1, 1), "示例", "示例废止决定")
LATER_LAW = attrs.evolve(FORM_OF_RULE, title="示例条例二", since=date(2013, 1, 1), until=date(2014, 1, 1))
ITEM = SETTINGS.basic[0]
NUMBER = IdentityNumber("99999919850301002X")
FLOATING_WOMAN = Person(
    "P-1", "示例甲", Sex.FEMALE, date(1985, 3, 1), "341221", "320404", Stay.WORK, date(2011, 5, 20), NUMBER
)


def _clause(number: str):  # noqa: ANN202 - as the document gives it
    return DOCUMENT.clause(number)


def _joint(meeting: JointMeeting, today: date) -> tuple[Finding, ...]:
    return meeting_findings(meeting, today, CALENDAR, DOCUMENT)


MISSED = date(2011, 10, 9)
FINDINGS: dict[str, tuple[Callable[[], tuple[Finding, ...]], Finding]] = {
    "a joint meeting that was not held": (
        lambda: _joint(JOINT, MISSED),
        Finding(
            "meeting-not-held",
            _clause("一(二)"),
            CONVENERS,
            "召开联席会议",
            "hold the meeting",
            "joint-meeting/2011-Q4/320411",
            date(2011, 10, 8),
        ),
    ),
    "one that was postponed and has no day": (
        lambda: _joint(JOINT.postpone(date(2011, 10, 7), "例"), MISSED),
        Finding(
            "meeting-without-day",
            _clause("一(二)"),
            CONVENERS,
            "另定日期",
            "set a new day",
            "joint-meeting/2011-Q4/320411",
        ),
    ),
    "one that both agreed to and nobody set a day for": (
        lambda: _joint(EXTRA_AGREED, MISSED),
        Finding("meeting-without-day", _clause("一(二)"), CONVENERS, "排定会议日期", "set a day", EXTRA.id),
    ),
    "one without minutes": (
        lambda: _joint(HELD, MISSED),
        Finding(
            "no-minutes",
            _clause("一(四)"),
            CONVENERS,
            "形成会议纪要",
            "write the minutes",
            "joint-meeting/2011-Q4/320411",
        ),
    ),
    "minutes that were not dispatched": (
        lambda: _joint(MINUTED, MISSED),
        Finding(
            "not-dispatched",
            _clause("一(四)"),
            CONVENERS,
            "下发会议纪要",
            "dispatch the minutes",
            "joint-meeting/2011-Q4/320411",
        ),
    ),
    "minutes that one office did not acknowledge within five working days": (
        lambda: _joint(DISPATCHED.acknowledge("office-a", date(2011, 10, 12)), date(2011, 10, 19)),
        Finding(
            "not-acknowledged",
            _clause("一(四)"),
            "office-b",
            "签收会议纪要",
            "acknowledge the minutes",
            "joint-meeting/2011-Q4/320411",
            date(2011, 10, 18),
        ),
    ),
    "an office that was absent": (
        lambda: _joint(
            attrs.evolve(DISPATCHED, present=tuple(Post)[:3] + tuple(Post)[4:]), date(2011, 10, 12)
        ),
        Finding(
            "post-absent",
            _clause("一(一)"),
            CONVENERS,
            "通报未到会的人口计生局职能处室负责人及相关工作人员",
            "inform who was absent",
            "joint-meeting/2011-Q4/320411",
        ),
    ),
    "an agenda item that was left out": (
        lambda: _joint(
            attrs.evolve(DISPATCHED, covered=(AgendaItem.EXCHANGE, *list(AgendaItem)[3:])), date(2011, 10, 12)
        ),
        Finding(
            "agenda-item-not-covered",
            _clause("一(三)3"),
            CONVENERS,
            "补议：制度和措施",
            "deal with what was left out",
            "joint-meeting/2011-Q4/320411",
        ),
    ),
    "other matters that were not asked for": (
        lambda: _joint(attrs.evolve(DISPATCHED, covered=tuple(AgendaItem)[:4]), date(2011, 10, 12)),
        Finding(
            "agenda-item-not-covered",
            _clause("一(三)5"),
            CONVENERS,
            "说明有无其他协作事项",
            "say whether there were any",
            "joint-meeting/2011-Q4/320411",
        ),
    ),
    "a quarter whose meeting was cancelled": (
        lambda: _joint(CANCELLED, date(2011, 12, 31)),
        Finding(
            "quarter-without-meeting",
            _clause("一(二)"),
            CONVENERS,
            "在本季度内另行召开联席会议",
            "hold another meeting in the quarter",
            "joint-meeting/2011-Q4/320411",
            date(2011, 12, 31),
        ),
    ),
    "a quarter that had none": (
        lambda: _joint(CANCELLED, date(2012, 1, 1)),
        Finding(
            "quarter-without-meeting",
            _clause("一(二)"),
            CONVENERS,
            "说明该季度未召开联席会议的原因",
            "explain why the quarter had no meeting",
            "joint-meeting/2011-Q4/320411",
            date(2011, 12, 31),
        ),
    ),
    "a tie that leaves nobody": (
        lambda: commendation_findings(2011, TIE, date(2011, 12, 31), _clause("五.1")),
        Finding(
            "tie-not-decided",
            _clause("五.1"),
            "市公安局、市人口计生委、综治委流动人口服务和管理工作领导小组办公室",
            "并列者多于名额，商定取舍办法后重新评选",
            "decide between those who tie, and select anew",
            "annual-commendation/2011",
        ),
    ),
    "a coordinators' meeting without a day": (
        lambda: coordinators_meeting_findings(GATHERING, date(2011, 6, 1), DOCUMENT, LAW),
        Finding(
            "coordinators-meeting-without-day",
            _clause("三(一)"),
            HOSTS,
            "商定例会日期",
            "agree a day",
            "coordinators-meeting/2011-06/320411001",
            date(2011, 6, 10),
        ),
    ),
    "one that was not held on its day": (
        lambda: coordinators_meeting_findings(AGREED, date(2011, 6, 9), DOCUMENT, LAW),
        Finding(
            "coordinators-meeting-not-held",
            _clause("三(一)"),
            HOSTS,
            "召开协管员协作例会",
            "hold the meeting",
            "coordinators-meeting/2011-06/320411001",
            date(2011, 6, 8),
        ),
    ),
    "one that the first ten days passed without": (
        lambda: coordinators_meeting_findings(GATHERING, date(2011, 6, 11), DOCUMENT, LAW),
        Finding(
            "coordinators-meeting-missed",
            _clause("三(一)"),
            HOSTS,
            "说明未在上旬召开的原因",
            "explain why it was not held",
            "coordinators-meeting/2011-06/320411001",
            date(2011, 6, 10),
        ),
    ),
    "a content that was left out": (
        lambda: coordinators_meeting_findings(
            AGREED.hold(date(2011, 6, 8), Attendee, [t for t in Topic if t is not Topic.TRAINING]),
            date(2011, 6, 9),
            DOCUMENT,
            LAW,
        ),
        Finding(
            "topic-not-covered",
            _clause("三(二)4"),
            HOSTS,
            "补办：业务培训",
            "deal with the content that was left out",
            "coordinators-meeting/2011-06/320411001",
        ),
    ),
    "a category that was absent": (
        lambda: coordinators_meeting_findings(
            AGREED.hold(date(2011, 6, 8), [a for a in Attendee if a is not Attendee.ENTERPRISE], Topic),
            date(2011, 6, 9),
            DOCUMENT,
            LAW,
        ),
        Finding(
            "category-absent",
            _clause("三(一)"),
            HOSTS,
            "通知未到会的驻地企业负责人",
            "inform those who were absent",
            "coordinators-meeting/2011-06/320411001",
        ),
    ),
    "a task that was not reviewed": (
        lambda: open_tasks((Task("T-1", Attendee.COORDINATOR, "S-1", "2011-06", "例"),), "2011-06", DOCUMENT),
        Finding(
            "task-not-reviewed",
            _clause("三(二)2"),
            "例会召集人",
            "总结和考核任务",
            "review the task",
            "T-1",
        ),
    ),
    "an office without a named person": (
        lambda: without_named_person(PARTIES[:1], (), date(2011, 6, 1), _clause("二(二)")),
        Finding(
            "no-named-person",
            _clause("二(二)"),
            PARTIES[0].name(date(2011, 6, 1)),
            "明确专人承办信息互换",
            "name a person for the exchange",
            "public_security/district/320411",
        ),
    ),
    "a source that did not provide": (
        lambda: not_provided(
            (Inquiry("I-1", Source.ENTERPRISE, "E-1", date(2011, 6, 1)),),
            date(2011, 6, 10),
            CALENDAR,
            _clause("四(二)"),
        ),
        Finding(
            "not-provided",
            _clause("四(二)"),
            "企业 E-1",
            "提供在本地区、本单位就业的流动人口信息",
            "provide the information asked for",
            "I-1",
            date(2011, 6, 9),  # 06-06 was the day off of 端午节
        ),
    ),
    "a year that was not commended": (
        lambda: commendation_findings(2011, None, date(2012, 1, 1), _clause("五.1")),
        Finding(
            "not-commended",
            _clause("五.1"),
            "市公安局、市人口计生委、综治委流动人口服务和管理工作领导小组办公室",
            "联合表彰百佳信息采集员",
            "commend the year",
            "annual-commendation/2011",
            date(2011, 12, 31),
        ),
    ),
    "a certificate that is missing": (
        lambda: permit_desk_findings(Certificate("P-1"), _clause("四(五)")),
        Finding(
            "certificate-missing",
            _clause("四(五)"),
            "公安派出所",
            "告知补办流动人口婚育证明",
            "tell her to have the certificate issued",
            "P-1",
            kind=Action.TELL,
        ),
    ),
    "a woman with a permit at the service station": (
        lambda: service_station_findings("P-1", _clause("四(六)"), holds_permit=True),
        Finding(
            "serve",
            _clause("四(六)"),
            "街道计划生育服务站",
            "提供免费服务",
            "serve her free of charge",
            "P-1",
            kind=Action.SERVE,
        ),
    ),
}


@pytest.mark.parametrize("case", FINDINGS)
def test_a_finding_says_all_of_what_is_owed_and_nothing_else(case: str) -> None:
    found, expected = FINDINGS[case]

    assert found() == (expected,)


def test_a_woman_without_a_permit_is_served_first_and_reminded_second() -> None:
    serve, remind = service_station_findings("P-1", _clause("四(六)"), holds_permit=False)

    assert serve == FINDINGS["a woman with a permit at the service station"][1]
    assert remind == Finding(
        "permit-missing",
        _clause("四(六)"),
        "街道计划生育服务站",
        "督促到派出所办理暂住证",
        "remind her of the permit",
        "P-1",
        kind=Action.REMIND,
    )


def test_the_findings_of_a_hand_over_name_office_section_action_and_last_day() -> None:
    today, id_ = date(2011, 6, 20), "exchange-district/2011-06/320411/public_security-family_planning"
    sent_late = ROUND.after(FIRST.id, HandOverEvent.SEND, date(2011, 6, 8))
    received = sent_late.after(FIRST.id, HandOverEvent.RECEIVE, today)
    returned = received.after(FIRST.id, HandOverEvent.RETURN, today, "COUNTS")
    police, planning = PARTIES[0], next(a for a in PARTIES if a.id == FIRST.receiver)
    from_police, from_planning = police.name(today) + police.section, planning.name(today) + planning.section
    named = (NamedPerson(police.id, "S-9", date(2011, 5, 18)),)

    def about_it(exchange: Round) -> list[tuple[object, ...]]:
        found = round_findings(exchange, today, CALENDAR, _clause("二(二)"), named=named)
        return [
            (f.code, f.clause.number, f.owed_by, f.action, f.action_en, f.due, f.through)
            for f in found
            if f.about == FIRST.id
        ]

    assert FIRST.id == id_
    assert about_it(ROUND) == [
        (
            "hand-over-missing",
            "二(二)",
            from_police,
            f"向{planning.name(today)}移交信息",
            "hand the data over",
            date(2011, 6, 5),
            "S-9",
        )
    ]
    late = (
        "hand-over-late",
        "二(二)",
        from_police,
        f"说明逾期向{planning.name(today)}移交的原因",
        "explain the late hand-over",
        date(2011, 6, 5),
        "S-9",
    )
    assert about_it(sent_late) == [
        late,
        (
            "hand-over-unanswered",
            "二(二)",
            from_planning,
            "确认收到",
            "confirm its receipt",
            date(2011, 6, 5),
            "",
        ),
    ]
    assert about_it(received) == [
        late,
        (
            "hand-over-undecided",
            "二(二)",
            from_planning,
            "接受或者退回",
            "accept it or return it",
            date(2011, 6, 5),
            "",
        ),
    ]
    assert about_it(returned) == [
        late,
        (
            "hand-over-returned",
            "二(二)",
            from_police,
            f"更正后重新向{planning.name(today)}移交",
            "correct it and hand it over again",
            date(2011, 6, 5),
            "S-9",
        ),
    ]


def test_a_pair_owes_the_gaps_the_correction_and_the_entry() -> None:
    owed_by, clause = "流动人口协管员S-1、社区W-1", _clause("四(三)")
    no_items = FormSettings((), SETTINGS.eight)
    empty = attrs.evolve(COLLECTION, form=RegistrationForm("F-2", date(2011, 6, 1)))

    assert collection_findings(COLLECTION, no_items, date(2011, 6, 1), clause) == (
        Finding("form-not-entered", clause, owed_by, "录入社会化采集系统", "enter it", "F-1"),
    )
    assert collection_findings(COLLECTION.returned(("A", "B")), no_items, date(2011, 6, 1), clause) == (
        Finding("form-returned", clause, owed_by, "更正被退回的登记表", "correct it", "F-1"),
    )
    assert collection_findings(empty, FormSettings((ITEM,), SETTINGS.eight), date(2011, 6, 1), clause) == (
        Finding("form-missing", clause, owed_by, "补填姓名", f"fill in: {ITEM.en}", "F-2/name"),
        Finding("form-not-entered", clause, owed_by, "录入社会化采集系统", "enter it", "F-2"),
    )


def _said(*problems: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return problems


REFUSALS: dict[str, tuple[Callable[[], object], str, tuple[tuple[str, str], ...]]] = {
    "an extra meeting by the office that may not propose one": (
        lambda: JointMeeting.proposed("x1", "320411", Role.COORDINATION, date(2011, 6, 1)),
        "x1",
        _said(("proposed_by", "expected public_security or family_planning (一(二))")),
    ),
    "the consent of one who convenes nothing": (
        lambda: EXTRA.agree(Post.POLICE_SECTION, date(2011, 6, 1)),
        "x1",
        _said(("convener", f"expected one of {CONVENERS}")),
    ),
    "a day before that of setting it": (
        lambda: EXTRA.schedule(date(2011, 6, 1), date(2011, 6, 2)),
        "x1",
        _said(("day", "2011-06-01 lies before 2011-06-02, the day of setting it")),
    ),
    "a postponement without a reason": (
        lambda: JOINT.postpone(date(2011, 10, 1), " "),
        JOINT.id,
        _said(("reason", "is empty; say why")),
    ),
    "a meeting on another day without a convener": (
        lambda: JOINT.hold(date(2011, 10, 9), (Post.DEPUTY_POLICE,)),
        JOINT.id,
        _said(
            ("present", "人口计生局分管流动人口计划生育服务管理工作的副局长 convenes and was not there"),
            ("on", "came 2011-10-09, but it is set for 2011-10-08: postpone and schedule it anew"),
        ),
    ),
    "an event before the last": (
        lambda: HELD.minute(MINUTES, date(2011, 10, 7)),
        JOINT.id,
        _said(("on", "2011-10-07 lies before 2011-10-08, the day of the last event")),
    ),
    "an acknowledgement by an office the minutes did not go to": (
        lambda: DISPATCHED.acknowledge("office-c", date(2011, 10, 12)),
        JOINT.id,
        _said(("office", "is none of those that the minutes went to")),
    ),
    "minutes that nobody could carry out": (
        lambda: Minutes(
            (
                Decision("1", AgendaItem.OTHER, " ", (), "assessment/1"),
                Decision("1", AgendaItem.REWARDS, "例", ("office-a",), "assessment/1"),
            )
        ),
        "minutes",
        _said(
            ("1", "is given 2 times; each decision has an id of its own"),
            ("1", "has no text"),
            ("1", "names no office to carry it out (一(四): 下发基层执行)"),
            ("1", "settles an assessment or reward matter, which belongs to 一(三)4"),
        ),
    ),
    "minutes of nothing": (
        lambda: Minutes(()),
        "minutes",
        _said(("decisions", "are none: minutes hold what was decided, for those who carry it out (一(四))")),
    ),
    "a task of no month": (
        lambda: Task("T-1", Attendee.COORDINATOR, "S-1", "十月", "例"),
        "task",
        _said(("month", "came 十月, expected a month such as 2011-10")),
    ),
    "an assessment of no period": (
        lambda: assess(Subject.COLLECTOR, "S-1", "2011-Q1", (), {FIRST_MEASURE: Fraction(1)}),
        "assessment",
        _said(("period", "came 2011-Q1, expected a month such as 2011-10 or a year such as 2011")),
    ),
    "settings that nobody could meet": (
        lambda: CommendationSettings(101, 13, Fraction(3, 2)),
        "commendation settings",
        _said(
            ("limit", "came 101, expected 1 to 100 (五.1: 百佳)"),
            ("months", "came 13, expected 0 to 12"),
            ("least", "came 3/2, expected a share from 0 to 1"),
        ),
    ),
    "settings below the least": (
        lambda: CommendationSettings(0, -1, Fraction(-1)),
        "commendation settings",
        _said(
            ("limit", "came 0, expected 1 to 100 (五.1: 百佳)"),
            ("months", "came -1, expected 0 to 12"),
            ("least", "came -1, expected a share from 0 to 1"),
        ),
    ),
    "a nomination that no year could give": (
        lambda: Nomination("S-1", date(2011, 11, 1), Fraction(9), 99),
        "nomination",
        _said(("score", "came 9, expected a share from 0 to 1"), ("months", "came 99, expected 0 to 12")),
    ),
    "a commendation before its selection": (
        lambda: Commendation(
            2011, select([]), CommendationState.DECIDED, selected=date(2011, 12, 1)
        ).announce(date(2011, 11, 30)),
        "annual-commendation/2011",
        _said(("on", "2011-11-30 lies before 2011-12-01, the day of the selection or the first of the year")),
    ),
    "a reward before the verification": (
        lambda: (
            Report("JB-2011-17", date(2011, 6, 2))
            .verified(PARTIES[1], date(2011, 6, 3), (FORM_OF_RULE,), confirmed=True)
            .granted(date(2011, 6, 2), (FORM_OF_RULE,))
        ),
        "JB-2011-17",
        _said(("on", "2011-06-02 lies before 2011-06-03, the day of verification")),
    ),
    "a system by which nobody is assessed or commended": (
        lambda: AssessmentSystem("320412", ((FIRST_MEASURE, Fraction(0)),), 101),
        "assessment system",
        _said(
            ("weights", "none is positive; give at least one measure a weight"),
            ("limit", "came 101, expected 1 to 100 (五.1: 百佳)"),
        ),
    ),
    "a day outside of the first ten": (
        lambda: GATHERING.propose(date(2011, 6, 11), Host.CENTRE),
        GATHERING.id,
        _said(("day", "came 2011-06-11, expected one from 2011-06-01 to 2011-06-10 (三(一): 每月上旬)")),
    ),
    "a coordinators' meeting on another day than agreed": (
        lambda: AGREED.hold(date(2011, 6, 9), Attendee, Topic),
        GATHERING.id,
        _said(
            (
                "on",
                "came 2011-06-09, but 2011-06-08 is agreed: propose the new day, and let all three consent",
            )
        ),
    ),
    "a round of two and of nothing": (
        lambda: Round.opened(JUNE, (PARTIES[0], attrs.evolve(PARTIES[1], division="320412")), ()),
        "exchange-district/2011-06",
        _said(
            ("parties", "expected three agencies, one of each role"),
            ("parties", "are not of one level and division"),
            ("contents", "is empty; expected statistics, cases or changes (二(一))"),
        ),
    ),
    "three agencies of which two have one role": (
        lambda: Round.opened(JUNE, (PARTIES[0], PARTIES[0], PARTIES[1])),
        "exchange-district/2011-06",
        _said(("parties", "expected three agencies, one of each role")),
    ),
    "a hand-over between others": (
        lambda: ROUND.hand_over("a", "b"),
        ROUND.id,
        _said(
            (
                "parties",
                "no hand-over between these two; the parties are " + "、".join(a.id for a in PARTIES),
            )
        ),
    ),
    "a hand-over of another round": (
        lambda: ROUND.after("x", HandOverEvent.SEND, date(2011, 6, 1)),
        ROUND.id,
        _said(("hand_over", "came x, expected one of " + "、".join(h.id for h in ROUND.hand_overs))),
    ),
    "a return without a reason, before what it answers": (
        lambda: (
            FIRST.after(HandOverEvent.SEND, date(2011, 6, 3))
            .after(HandOverEvent.RECEIVE, date(2011, 6, 4))
            .after(HandOverEvent.RETURN, date(2011, 6, 3))
        ),
        FIRST.id,
        _said(
            ("on", "2011-06-03 lies before 2011-06-04, the day of the last event"),
            ("reason", "is empty; say why, as a code"),
        ),
    ),
    "a collection by a pair that was not bound": (
        lambda: attrs.evolve(COLLECTION, pair=BOUND_LATER),
        "F-1",
        _said(
            (
                "pair",
                "is not bound on 2011-06-01; both of a pair collect together (四(二): 结对捆绑,共同采集)",
            )
        ),
    ),
    "a return of a form without reasons": (
        lambda: COLLECTION.returned(()),
        "F-1",
        _said(("reasons", "are empty; say what is to be corrected")),
    ),
    "a correction that is another form": (
        lambda: COLLECTION.returned(("A",)).corrected(attrs.evolve(MAN, id="F-2")),
        "F-1",
        _said(("form", "is F-2, another form")),
    ),
    "a card about a man": (
        lambda: card_for(COLLECTION, date(2011, 6, 1), SETTINGS, Recipient.COMMUNITY),
        "F-1",
        _said(
            (
                "form",
                "is not, or not yet, that of a floating woman of childbearing age: no card is filled in (四(四): 流入育龄妇女)",
            )
        ),
    ),
    "a pair of two coordinators": (
        lambda: Pair.of(
            StaffMember("S-1", StaffKind.COORDINATOR, "320411001"),
            StaffMember("S-2", StaffKind.COORDINATOR, "320411001"),
            "C-1",
            date(2011, 6, 1),
        ),
        "pair",
        _said(
            (
                "staff",
                f"two of {StaffKind.COORDINATOR.zh}; expected one coordinator and one community worker (四(二))",
            )
        ),
    ),
    "a pair of one, bound backwards": (
        lambda: Pair("S-1", "S-1", "C-1", date(2011, 6, 2), date(2011, 6, 1)),
        "pair",
        _said(
            ("community_worker", "is the coordinator too; expected two people (四(二))"),
            ("until", "2011-06-01 lies before 2011-06-02, the first day"),
        ),
    ),
    "a pair of nobody": (
        lambda: Pair("", "", "C-1", date(2011, 6, 1)),
        "pair",
        _said(
            ("coordinator", "is empty; a collection needs both (四(二): 结对捆绑,共同采集)"),
            ("community_worker", "is empty; a collection needs both (四(二): 结对捆绑,共同采集)"),
        ),
    ),
    "a pair whose two are on record the other way round": (
        lambda: PAIR.require_kinds(
            StaffMember("S-1", StaffKind.COMMUNITY, "320411001"),
            StaffMember("W-1", StaffKind.COORDINATOR, "320411001"),
        ),
        "pair",
        _said(
            ("coordinator", "S-1 is on record as community, expected coordinator (四(二))"),
            ("community_worker", "W-1 is on record as coordinator, expected community (四(二))"),
        ),
    ),
    "a reason of a hand-over in words": (
        lambda: (
            FIRST.after(HandOverEvent.SEND, date(2011, 6, 3))
            .after(HandOverEvent.RECEIVE, date(2011, 6, 4))
            .after(HandOverEvent.RETURN, date(2011, 6, 4), "示例")
        ),
        FIRST.id,
        _said(
            (
                "reason",
                (
                    "came 2 characters, expected a code such as marriage:missing: letters, digits and _ . : - alone, and no number"
                    " of a person"
                ),
            )
        ),
    ),
    "reasons of a return in words": (
        lambda: COLLECTION.returned(("A", "示例")),
        "F-1",
        _said(
            (
                "reasons",
                (
                    "hold one that is none, expected a code such as marriage:missing: letters, digits and _ . : - alone, and no"
                    " number of a person"
                ),
            )
        ),
    ),
    "an answer before the asking": (
        lambda: Inquiry("I-1", Source.ENTERPRISE, "E-1", date(2011, 6, 2)).answered(date(2011, 6, 1)),
        "I-1",
        _said(("provided", "2011-06-01 lies before 2011-06-02, the day of asking")),
    ),
    "a report with more than a file number": (
        lambda: Report("示例甲", date(2011, 6, 1)),
        "report",
        _said(
            (
                "reference",
                "expected a file number such as JB-2011-17: declared prefix, year of submission, 1-4 digits",
            )
        ),
    ),
    "a prefix that could hold a name": (
        lambda: Report("JB-2011-17", date(2011, 6, 1), prefix="示例甲"),
        "report",
        _said(("prefix", "expected 1 to 4 capital letters, such as JB")),
    ),
    "a report verified by an agency of a community": (
        lambda: Report("JB-2011-17", date(2011, 6, 2)).verified(
            attrs.evolve(PARTIES[1], level=Level.COMMUNITY), date(2011, 6, 3), (), confirmed=True
        ),
        "JB-2011-17",
        _said(("by", "came level community, expected city、district、town (五.2: 人口计生部门)")),
    ),
    "a report verified by the police before it came": (
        lambda: Report("JB-2011-17", date(2011, 6, 2)).verified(
            PARTIES[0], date(2011, 6, 1), (), confirmed=True
        ),
        "JB-2011-17",
        _said(
            ("by", "came public_security, expected family_planning (五.2)"),
            ("on", "2011-06-01 lies before 2011-06-02, the day of submission"),
        ),
    ),
    "a collector nominated twice": (
        lambda: select([Nomination("S-1", date(2011, 12, d), Fraction(1), 12) for d in (1, 2)]),
        "nominations",
        _said(("S-1", "is nominated more than once")),
    ),
    "weights below 0": (
        lambda: assess(
            Subject.COLLECTOR,
            "S-1",
            "2011-06",
            (),
            {FIRST_MEASURE: Fraction(-1), SECOND_MEASURE: Fraction(1)},
        ),
        "weights",
        _said((FIRST_MEASURE.value, "its weight is -1, expected 0 or more")),
    ),
    "weights of which none is positive": (
        lambda: assess(Subject.COLLECTOR, "S-1", "2011-06", (), {FIRST_MEASURE: Fraction(0)}),
        "weights",
        _said(("weights", "none is positive; give at least one measure a weight")),
    ),
    "settings that contradict the clause": (
        lambda: FormSettings((ITEM, ITEM, Item("shoe", "鞋", "shoe", "")), ()),
        "form settings",
        _said(
            ("eight", "came 0 items, expected 8 (四(三): 计划生育8项内容)"),
            ("name", "is given more than once"),
            ("shoe", "is no field of the form; declare it among your own items too"),
        ),
    ),
    "a number of 15 digits": (
        lambda: IdentityNumber("999999000101000"),
        "identity number",
        _said(
            (
                "number",
                (
                    "has 15 digits, the form of the first cards; ask for the 18-character number (suggested() shows what it should be)"
                    " （为15位旧号码，请核对18位号码）"
                ),
            )
        ),
    ),
    "a number of other characters": (
        lambda: IdentityNumber("x"),
        "identity number",
        _said(
            (
                "number",
                "expected 17 digits and a check character, which is a digit or a capital X （应为17位数字加1位校验码（数字或大写X））",
            )
        ),
    ),
    "a number with a wrong date and check character": (
        lambda: IdentityNumber("999999198502300020"),
        "identity number",
        _said(
            ("digits 7 to 14", "expected a date of birth that exists （第7至14位不是存在的出生日期）"),
            (
                "character 18",
                "the check character does not fit: one of the characters is mistyped （校验码不符，有字符填写错误）",
            ),
        ),
    ),
    "a suggestion for what is not 15 digits": (
        lambda: suggested("1"),
        "identity number",
        _said(("number", "expected 15 digits （应为15位数字）")),
    ),
    "agencies given twice": (
        lambda: Agencies((PARTIES[0], attrs.evolve(PARTIES[0], names=(OfficeName("示例分局"),)))),
        "agencies",
        _said((PARTIES[0].id, "is given more than once; keep one, with all its names")),
    ),
    "divisions that contradict themselves": (
        lambda: Divisions(
            (
                Division("", "", None),
                Division("32", "示例区", "32"),
                Division("320411", "示例区", None, date(2011, 1, 2), date(2011, 1, 1)),
                Division("320412", "示例区", "990000"),
            )
        ),
        "divisions",
        _said(
            ("(no code)", "expected a code of 6, 9 or 12 digits"),
            ("(no code)", "has no name"),
            ("32", "expected a code of 6, 9 or 12 digits"),
            ("32", "is its own parent"),
            ("320411", "ends on 2011-01-01, before it begins on 2011-01-02"),
            ("320412", "its parent 990000 is not in the set; add it, or leave the parent out"),
        ),
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_names_what_was_given_and_every_problem_with_its_place(case: str) -> None:
    act, what, problems = REFUSALS[case]

    with pytest.raises(Invalid) as refused:
        act()

    assert refused.value.what == what
    assert tuple((p.place, p.fact) for p in refused.value.problems) == problems
    assert str(refused.value).startswith(f"{what} cannot be used; correct every line below:\n- ")


def _contradicts(item: str, detail: str) -> Gap:
    zh, en = "填写有误或与另一项不符，请核对登记表", "is wrong or contradicts another item: see the form"
    return Gap(item, "contradicts", zh, en, "四(三)", detail=detail)


GAPS: dict[str, tuple[dict[str, object], Gap]] = {
    "registered later": (
        {"registered": date(2011, 6, 3)},
        Gap("registered", "registered-later", "核对登记日期：晚于今日", "lies after today", "四(一)1"),
    ),
    "arrived later": (
        {"arrived": date(2011, 6, 2)},
        Gap(
            "arrived", "arrived-later", "核对到达日期：晚于登记日期", "lies after the registration", "四(一)1"
        ),
    ),
    "born after arrival": (
        {"arrived": date(1985, 2, 28)},
        Gap("born", "born-later", "核对出生日期：晚于到达日期", "lies after the arrival", "四(一)1"),
    ),
    "a negative number": (
        {"children": -1},
        _contradicts("children", "核对子女数：应为0或以上 (expected 0 or more)"),
    ),
    "a place that is none": (
        {"household": "x"},
        Gap(
            "household",
            "division-code",
            "核对户籍所在地：应为登记之日有效的六位区划代码（GB/T 2260）",
            "expected the six digits of a division that stands on the day of registration (GB/T 2260)",
            "四(一)1",
        ),
    ),
    "a residence that has ended": (
        {"residence": "320499"},
        Gap(
            "residence",
            "division-code",
            "核对现居住地：应为登记之日有效的六位区划代码（GB/T 2260）",
            "expected the six digits of a division that stands on the day of registration (GB/T 2260)",
            "四(一)1",
        ),
    ),
    "a method that is not said": (
        {"contraception_used": True, "contraception": Contraception.NONE},
        _contradicts("contraception", "采取措施而未填方法 (a method is used: expected which)"),
    ),
    "a method where none is used": (
        {"contraception_used": False, "contraception": Contraception.CONDOM},
        _contradicts("contraception", "未采取措施而填有方法 (no method is used: expected none)"),
    ),
    "a spouse of the unmarried": (
        {"marriage": Marriage.SINGLE, "with_spouse": True},
        _contradicts("with_spouse", "未婚而填夫妻同行 (single: expected no)"),
    ),
    "a month that is none": (
        {"pregnancy": "2011-13"},
        _contradicts("pregnancy", "应为年月或无 (expected a month such as 2011-03, or none)"),
    ),
    "a month to come": (
        {"pregnancy": "2011-07"},
        _contradicts("pregnancy", "现孕年月晚于登记 (lies after the registration)"),
    ),
    "another birth than in the number": (
        {"identity": NUMBER.text, "born": date(1985, 3, 2)},
        Gap(
            "born",
            "born-differs",
            "核对出生日期：与身份号码不一致",
            "differs from the identity number",
            "四(一)1",
        ),
    ),
    "another sex than in the number": (
        {"identity": "999999198503010011"},
        Gap(
            "sex", "sex-differs", "核对性别：与身份号码不一致", "differs from the identity number", "四(一)1"
        ),
    ),
    "a number that is none": (
        {"identity": "x"},
        Gap(
            "identity",
            "identity-number",
            "核对公民身份号码（GB 11643）：应为17位数字加1位校验码（数字或大写X）",
            "number: expected 17 digits and a check character, which is a digit or a capital X",
            "四(一)1",
        ),
    ),
}


@pytest.mark.parametrize("case", GAPS)
def test_a_gap_says_item_rule_clause_and_what_to_do_in_both_languages(case: str) -> None:
    changes, expected = GAPS[case]
    woman = RegistrationForm("F-1", date(2011, 6, 1), sex=Sex.FEMALE, born=date(1985, 3, 1))
    divisions = Divisions((Division("320499", "示例区", None, None, date(2010, 1, 1)),))
    settings = attrs.evolve(SETTINGS, divisions=divisions)

    found = gaps(attrs.evolve(woman, **changes), settings, date(2011, 6, 2))  # type: ignore[arg-type]

    assert [attrs.evolve(gap, blocks=False) for gap in found if gap.code != "missing"] == [expected]


@pytest.mark.parametrize(
    ("births", "children", "detail"),
    [
        (Births.SOME, 0, "已育而子女数为0 (births: some, and no child)"),
        (Births.NONE, 1, "未育而子女数不为0 (births: none, and a child)"),
    ],
)
def test_births_and_children_that_differ_are_noted_in_both_languages(
    births: Births, children: int, detail: str
) -> None:
    (note,) = notes(RegistrationForm("F-1", date(2011, 6, 1), births=births, children=children), SETTINGS)

    zh, en = (
        "与另一项不常同时出现，如属实无需更正",
        "is unusual beside another item; nothing is to be corrected if it is so",
    )
    assert note == Gap("children", "odd", zh, en, "四(三)", detail=detail)


def test_an_item_that_is_not_available_is_noted_in_both_languages() -> None:
    (note,) = notes(RegistrationForm("F-1", date(2011, 6, 1), not_available={"births": "declined"}), SETTINGS)

    en = "not available, with a reason: ask once more where that may help"
    assert note == Gap("births", "not-available", "生育情况未提供，已记原因", en, "四(三)")


def test_an_item_asked_of_women_is_unexpected_on_the_form_of_a_man() -> None:
    item = next(item for item in SETTINGS.eight if item.name == "marriage")
    expected = Gap(
        "marriage",
        "unexpected",
        f"删除{item.zh}：只向流入育龄妇女采集",
        f"remove: {item.en} is asked of floating women of childbearing age alone",
        "四(一)2",
    )

    found = gaps(attrs.evolve(MAN, marriage=Marriage.MARRIED), SETTINGS, date(2011, 6, 2))

    assert [gap for gap in found if gap.code != "missing"] == [expected]


def test_whether_the_eight_are_asked_on_the_birthday_follows_the_birthday_rule() -> None:
    on_the_birthday = RegistrationForm(
        "F-1",
        date(2003, 3, 1),
        sex=Sex.FEMALE,
        born=date(1985, 3, 1),
        household="341221",
        residence="320404",
        stay=Stay.WORK,
    )
    later = attrs.evolve(SETTINGS, birthday=Birthday.DAY_AFTER)

    def asked(settings: FormSettings) -> bool:
        return any(gap.item == "marriage" for gap in gaps(on_the_birthday, settings, date(2003, 3, 1)))

    assert asked(SETTINGS)
    assert not asked(later)


@pytest.mark.parametrize(
    ("changes", "on", "is_floating", "reason"),
    [
        ({}, date(2011, 5, 19), False, "该日尚未到达"),
        (
            {},
            date(2011, 5, 20),
            True,
            "离开户籍所在地的县、市或者市辖区，以工作、生活为目的异地居住（第二条）",
        ),
        ({"household": "320404"}, date(2011, 6, 1), False, "未离开户籍所在地的县、市或者市辖区（第二条）"),
        (
            {"household": "320402"},
            date(2011, 6, 1),
            False,
            "设区的市行政区域内区与区之间异地居住（第二条第二项）",
        ),
        (
            {"stay": Stay.SCHOOL},
            date(2011, 6, 1),
            False,
            "因第二条第一项所列事由异地居住、预期返回（第二条第一项）",
        ),
        ({"born": date(1994, 1, 1)}, date(2011, 6, 1), False, "不在18至49周岁之内（“成年育龄”的一种定义）"),
    ],
)
def test_whether_she_is_floating_is_answered_with_the_article(
    changes: dict[str, object], on: date, is_floating: bool, reason: str
) -> None:
    view = floating(attrs.evolve(FLOATING_WOMAN, **changes), on, DIVISIONS)  # type: ignore[arg-type]

    assert (view.floating, view.reason) == (is_floating, reason)


def test_the_notes_on_a_number_say_that_they_stop_nothing() -> None:
    others = Divisions((Division("999901", "示例区", None),))

    assert NUMBER.notes(date(1985, 2, 28), others) == (
        "前六位不在所载区划表内（发证时的区划，不影响登记）",
        "出生日期晚于该日，请核对",
    )
    assert NUMBER.notes(date(1985, 3, 1), others)[1:] == ()


def test_law_in_time_names_the_act_the_law_and_the_day() -> None:
    act = "示例行为"

    def error(bases: tuple[LegalBasis, ...], on: date) -> tuple[object, ...]:
        with pytest.raises((NoLegalBasis, NotModelled)) as refused:
            require_basis(bases, act, on)
        return type(refused.value), *attrs.astuple(refused.value)

    before, between, after = date(2009, 1, 1), date(2012, 6, 1), date(2015, 1, 1)
    both = (FORM_OF_RULE, LATER_LAW)

    assert error((), before) == (NoLegalBasis, act, "", before, "", False, False, "")
    assert error(both, before) == (NotModelled, "示例条例", before, date(2010, 1, 1))
    assert error(both, between) == (
        NoLegalBasis,
        act,
        "示例条例",
        between,
        "示例废止决定",
        False,
        False,
        "",
    )
    inferred = attrs.evolve(LATER_LAW, inferred=True)
    assert error((inferred,), after) == (
        NoLegalBasis,
        act,
        "示例条例二",
        after,
        "示例废止决定",
        False,
        True,
        "",
    )
    assert require_basis(both, act, date(2010, 1, 1)) is FORM_OF_RULE
    assert require_basis(both, act, date(2013, 1, 1)) is LATER_LAW
    with pytest.raises(NotYetIssued) as early:
        DOCUMENT.require(date(2011, 5, 17))
    assert attrs.astuple(early.value) == ("常公局〔2011〕134号", date(2011, 5, 17), date(2011, 5, 18))


def test_a_clause_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(NoSuchClause) as missing:
        DOCUMENT.clause("六")

    assert missing.value.number == "六"
    assert str(missing.value).startswith("no clause 六: expected one of 一、一(一)、一(二)、")


def test_a_division_that_is_not_found_is_named_with_the_day_and_the_nearest() -> None:
    on = date(2011, 6, 1)
    with pytest.raises(NoSuchDivision) as missing:
        DIVISIONS.find("武进市", on)

    assert str(missing.value).startswith("no division 武进市 on 2011-06-01; near: 武进区")


def test_a_wrong_event_of_a_certificate_names_the_holder_and_what_is_allowed() -> None:
    verified = Certificate("P-1", CertificateState.VERIFIED)
    with pytest.raises(WrongState) as wrong:
        verified.with_event(CertificateEvent.ISSUED)

    assert wrong.value.what == "婚育证明 P-1"


def test_the_city_alone_is_assessed_under_a_system_of_its_own_unless_named() -> None:
    weights = ((FIRST_MEASURE, Fraction(1)),)
    city, own = AssessmentSystem("3204", weights, 100), AssessmentSystem("320404", weights, 10)
    clause = _clause("五.3")

    assert system_for("320482", city, {}, ("320482",), clause) == (
        city,
        (
            Finding(
                "no-system-of-its-own",
                clause,
                "辖市（区）公安局、人口计生局和流动人口服务和管理工作领导小组办公室",
                "参照建立考核奖励制度",
                "adopt the system",
                "320482",
            ),
        ),
    )
    with pytest.raises(Invalid) as refused:
        system_for("320404", city, {"320404": own}, ("320482",), clause)
    assert refused.value.what == "assessment system"
    assert [str(problem) for problem in refused.value.problems] == [
        "320404: stands directly under the city's system (五.1); only the three of 五.3 adopt their own"
    ]


def test_facts_of_a_gathering_point_to_the_meeting() -> None:
    facts = gathering_facts(AGREED.hold(date(2011, 6, 8), Attendee, Topic), ("office-a",), date(2011, 6, 9))

    assert facts
    assert {(fact.kind, fact.subject, fact.about) for fact in facts} == {
        (Subject.OFFICE, "office-a", GATHERING.id)
    }
