"""四、建立流动人口计划生育信息采集机制: what is collected, by whom, into which system, and the card.

(一)采集信息内容包括…(二)…结对捆绑,共同采集。企业和流动人口计划生育协会会员应及时提供…(三)…计划生育8项内容作为必填项目,准确采集信息,
录入社会化采集系统。(四)…将流入育龄妇女信息提供给社区负责计划生育工作的负责人,填写流入育龄妇女计划生育信息采集卡。

Clauses 四(一)1, 四(一)2, 四(一)3, 四(一)4, 四(二), 四(三), 四(四).
"""

from datetime import date
from typing import get_args, get_type_hints

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import migrant_fp.testing  # noqa: F401 - registers the strategies
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.memory import MemoryCollectionSystem, MemoryRegister, MemoryStore, MemoryUnitOfWork
from migrant_fp.application.collect import collection_owed, correct_form, enter, erase, give_card, record_form
from migrant_fp.domain.agency import Role
from migrant_fp.domain.certificate import Certificate
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.collection import (
    Collection,
    CollectionCard,
    CollectionState,
    Entry,
    Recipient,
    card_for,
    collection_findings,
    entry_for,
)
from migrant_fp.domain.errors import Invalid, NoLegalBasis, NotModelled, NotYetIssued, WrongState
from migrant_fp.domain.form import NOT_PREGNANT, FormSettings, RegistrationForm
from migrant_fp.domain.form_gaps import Gap, asks_eight, gaps, notes
from migrant_fp.domain.form_items import Births, CodeList, Contraception, Item, Marriage
from migrant_fp.domain.form_reading import read_form
from migrant_fp.domain.person import STATISTICS_15_49, Person, Sex, Stay
from migrant_fp.domain.privacy import Sensitivity
from migrant_fp.domain.staff import Inquiry, Pair, Source, StaffKind, StaffMember, not_provided
from migrant_fp.ports.collection_system import Answer
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.changzhou_form import (
    BASIC,
    CODE_LISTS,
    CONTRACEPTION_CODES,
    EDUCATION_CODES,
    EIGHT_INFERRED,
    MARRIAGE_CODES,
    POLICY_ITEMS,
    SETTINGS,
    SEX_CODES,
)
from migrant_fp.schedule.errors import MigrantFpError
from migrant_fp.schedule.term import Term

CALENDAR = working_calendar()
DAY = date(2011, 6, 1)
PAIR = Pair("S-1", "W-1", "C-1", date(2011, 5, 18))
STAFF = (
    StaffMember("S-1", StaffKind.COORDINATOR, "320411001"),
    StaffMember("W-1", StaffKind.COMMUNITY, "320411001", "C-1"),
)
# 999999 is no division; the check character was worked out with python-stdnum's calc_check_digit.
COMPLETE = RegistrationForm(
    "F-1",
    DAY,
    "示例甲",
    Sex.FEMALE,
    date(1985, 3, 1),
    "99999919850301002X",
    "341221",
    "320404",
    "示例路1号",
    "00000000000",
    date(2011, 5, 20),
    Stay.WORK,
    marriage=Marriage.MARRIED,
    with_spouse=True,
    births=Births.SOME,
    children=1,
    contraception_used=True,
    contraception=Contraception.CONDOM,
    pregnancy=NOT_PREGNANT,
    certificate_held=True,
)
EIGHT = [item.name for item in EIGHT_INFERRED]
EMPTY_EIGHT = {
    "marriage": None,
    "with_spouse": None,
    "births": None,
    "children": None,
    "contraception_used": None,
    "contraception": None,
    "pregnancy": "",
    "certificate_held": None,
}
OWN = LegalBasis("示例规定", "例〔2022〕1号", date(2022, 1, 1), None, "例")


def _with(**answers: object) -> RegistrationForm:
    return attrs.evolve(COMPLETE, **answers)


def _gaps(form: RegistrationForm, today: date = DAY) -> list[tuple[str, str]]:
    return [(gap.item, gap.code) for gap in gaps(form, SETTINGS, today)]


def _work(store: MemoryStore | None = None) -> MemoryUnitOfWork:
    work = (store or MemoryStore()).begin()
    for member in STAFF:
        work.staff.put(member)
    return work


# ---- 四(一), 四(三): the form


def test_四_三_the_shipped_eight_are_eight_asked_by_the_clause_and_marked_as_an_inference() -> None:
    assert "8项" in DOCUMENT.clause("四(三)").text
    assert len(SETTINGS.eight) == 8
    assert all(item.inferred and item.clause == "四(三)" for item in SETTINGS.eight)
    assert "推断" in SETTINGS.note
    assert not any(item.inferred for item in SETTINGS.basic)


def test_四_一_every_item_names_a_clause_of_the_document_and_both_languages() -> None:
    for item in (*BASIC, *EIGHT_INFERRED, *POLICY_ITEMS):
        assert DOCUMENT.clause(item.clause)
        assert item.zh
        assert item.en.isascii()


def test_a_complete_form_has_no_gap() -> None:
    assert _gaps(COMPLETE) == []


def test_四_三_a_form_of_a_floating_woman_with_nothing_else_lists_every_item_at_once() -> None:
    floating = {"household": "341221", "residence": "320404", "stay": Stay.WORK}
    empty = RegistrationForm("F-2", DAY, sex=Sex.FEMALE, born=date(1985, 3, 1), **floating)  # type: ignore[arg-type]

    assert _gaps(empty) == [(name, "missing") for name in ("name", "identity", "address", "arrived", *EIGHT)]


@pytest.mark.parametrize("item", EIGHT)
def test_四_三_each_of_the_eight_is_mandatory(item: str) -> None:
    found = gaps(_with(**{item: EMPTY_EIGHT[item]}), SETTINGS, DAY)

    assert [(gap.item, gap.code, gap.clause, gap.blocks) for gap in found] == [
        (item, "missing", "四(三)", True)
    ]
    assert found[0].zh.startswith("补填")
    assert found[0].en.startswith("fill in: ")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"registered": date(2011, 6, 2)}, [("registered", "registered-later")]),
        ({"registered": date(2011, 5, 19)}, [("arrived", "arrived-later")]),
        ({"arrived": DAY}, []),
        ({"born": date(2011, 5, 21), "identity": "", "sex": Sex.MALE, **EMPTY_EIGHT}, [("identity", "missing"), ("born", "born-later")]),
        ({"children": -1}, [("children", "contradicts")]),
        ({"births": Births.NONE}, []),
        ({"births": Births.NONE, "children": 0}, []),
        ({"children": 0}, []),
        ({"contraception": Contraception.NONE}, [("contraception", "contradicts")]),
        ({"contraception": Contraception.NOT_APPLICABLE}, [("contraception", "contradicts")]),
        ({"contraception": Contraception.NOT_STATED}, []),
        ({"contraception_used": False}, [("contraception", "contradicts")]),
        ({"contraception_used": False, "contraception": Contraception.NOT_APPLICABLE}, []),
        ({"marriage": Marriage.SINGLE}, [("with_spouse", "contradicts")]),
        ({"marriage": Marriage.SINGLE, "with_spouse": False}, []),
        ({"pregnancy": "2011-13"}, [("pregnancy", "contradicts")]),
        ({"pregnancy": "三月"}, [("pregnancy", "contradicts")]),
        ({"pregnancy": "2011-07"}, [("pregnancy", "contradicts")]),
        ({"pregnancy": " 2011-06 "}, []),
        ({"identity": " 99999919850301002X "}, []),
        ({"household": " 341221 "}, []),
        ({"pregnancy": "2011-06"}, []),
        ({"identity": "999999198503010020"}, [("identity", "identity-number")]),
        ({"identity": "999999850301002"}, [("identity", "identity-number")]),
        ({"born": date(1985, 3, 2)}, [("born", "born-differs")]),
        ({"sex": Sex.MALE, **EMPTY_EIGHT}, [("sex", "sex-differs")]),
        ({"sex": Sex.NOT_STATED, **EMPTY_EIGHT}, []),
    ],
)  # fmt: skip
def test_四_三_the_rules_across_items(answers: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert _gaps(_with(**answers)) == expected


def test_an_unmarried_mother_is_no_gap() -> None:
    assert _gaps(_with(marriage=Marriage.SINGLE, with_spouse=False, births=Births.SOME, children=1)) == []


@pytest.mark.parametrize("blank", [" ", "\t", "\u3000"])
def test_an_answer_of_blanks_alone_is_none(blank: str) -> None:
    texts = ("name", "identity", "household", "residence", "address", "pregnancy")
    assert _gaps(_with(own={"x": blank})) == []
    assert _with(own={"x": blank}).answer("x") is None
    for item in texts:
        assert _gaps(_with(**{item: blank})) == [(item, "missing")]
        assert item not in dict(entry_for(_with(**{item: blank}), SETTINGS, Role.FAMILY_PLANNING).answers)


@pytest.mark.parametrize("item", [item.name for item in BASIC])
def test_四_三_nothing_but_the_eight_stops_the_entry_of_a_floating_woman(item: str) -> None:
    empty = None if item in {"sex", "born", "arrived", "stay"} else ""
    found = gaps(_with(**{item: empty}), SETTINGS, DAY)

    decides = item in {"sex", "born", "household", "residence", "stay"}
    assert [(gap.item, gap.code, gap.blocks) for gap in found] == [(item, "missing", decides)]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"household": "香蕉"}, "division-code"),
        ({"household": "34122"}, "division-code"),
        ({"household": "320413"}, None),
        ({"residence": "320404001"}, "division-code"),
    ],
)
def test_四_一_1_a_place_is_a_code_of_six_digits(answers: dict[str, str], code: str | None) -> None:
    found = [gap for gap in gaps(_with(**answers), SETTINGS, DAY) if gap.code != "unexpected"]

    assert [gap.code for gap in found] == ([] if code is None else [code])
    assert all(gap.blocks and gap.item in answers for gap in found)
    assert not [text for text in answers.values() if text in str(found)]


def test_a_birth_without_a_living_child_is_a_note_and_no_gap_so_that_it_is_entered_as_it_is() -> None:
    form = _with(children=0)
    with _work() as work:
        record_form(work, form, PAIR, DAY)
        done = enter(work, MemoryCollectionSystem(Role.FAMILY_PLANNING), "F-1", DAY)

    assert [(note.item, note.code, note.blocks) for note in notes(form, SETTINGS)] == [
        ("children", "odd", False)
    ]
    assert notes(COMPLETE, SETTINGS) == notes(_with(births=Births.NONE, children=0), SETTINGS) == ()
    assert (done.state, done.gaps_at_entry) == (CollectionState.ENTERED, 0)


def test_四_三_a_woman_who_adopted_is_entered_with_a_note() -> None:
    adopted = _with(births=Births.NONE, children=1)
    with _work() as work:
        record_form(work, adopted, PAIR, DAY)
        assert enter(work, MemoryCollectionSystem(Role.FAMILY_PLANNING), "F-1", DAY).gaps_at_entry == 0

    assert [(note.item, note.code) for note in notes(adopted, SETTINGS)] == [("children", "odd")]
    assert notes(_with(births=Births.NONE, children=None), SETTINGS) == ()


def test_四_三_a_woman_who_says_nothing_of_the_eight_is_entered_with_a_reason_and_a_note_for_each() -> None:
    silent = _with(**EMPTY_EIGHT, not_available=dict.fromkeys(EIGHT, "declined"))
    system = MemoryCollectionSystem(Role.FAMILY_PLANNING)
    with _work() as work:
        record_form(work, silent, PAIR, DAY)
        assert [finding.code for finding in collection_owed(work, DAY, CALENDAR)] == ["form-not-entered"]
        done = enter(work, system, "F-1", DAY)

    assert (done.state, done.gaps_at_entry) == (CollectionState.ENTERED, 0)
    assert system.entries["F-1"].present == tuple((item, False) for item in EIGHT)
    assert [(note.item, note.code, note.blocks) for note in notes(silent, SETTINGS)] == [
        (item, "not-available", False) for item in EIGHT
    ]
    assert done.form.not_available == dict.fromkeys(EIGHT, "declined")


@pytest.mark.parametrize("item", EIGHT)
def test_四_三_each_of_the_eight_can_be_not_available_with_a_reason(item: str) -> None:
    declined = _with(**{item: EMPTY_EIGHT[item]}, not_available={item: "declined"})

    assert _gaps(declined) == []
    assert [(note.item, note.code) for note in notes(declined, SETTINGS)] == [(item, "not-available")]
    assert notes(_with(not_available={item: "declined"}), SETTINGS) == ()


def test_which_rule_about_health_is_broken_is_told_to_the_handler_of_the_form_alone() -> None:
    for answers, detail in (
        ({"marriage": Marriage.SINGLE}, "未婚"),
        ({"contraception": Contraception.NONE}, "采取措施而未填方法"),
        ({"contraception_used": False}, "未采取措施"),
        ({"pregnancy": "2011-07"}, "现孕"),
        ({"children": -1}, "子女数"),
    ):
        (gap,) = gaps(_with(**answers), SETTINGS, DAY)
        assert detail in gap.detail
        assert detail not in str(gap) + repr(gap)
        assert (gap.code, gap.zh) == ("contradicts", "填写有误或与另一项不符，请核对登记表")


def test_an_item_that_cannot_be_answered_has_a_reason_and_is_no_gap() -> None:
    form = _with(identity="", not_available={"identity": "no-card"})

    assert _gaps(form) == []
    assert _gaps(_with(identity="")) == [("identity", "missing")]
    assert [(note.item, note.code) for note in notes(form, SETTINGS)] == [("identity", "not-available")]


def test_a_reason_for_what_is_not_available_is_a_code_and_what_came_is_not_shown() -> None:
    with pytest.raises(Invalid, match="expected a code") as caught:
        _with(identity="", not_available={"identity": "示例甲没有带"})

    assert "示例" not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, True),
        ({"stay": Stay.LIVING}, True),
        ({"household": "320402"}, False),
        ({"household": "320404"}, False),
        ({"household": "320482"}, True),
        ({"stay": Stay.MEDICAL}, False),
        ({"stay": Stay.VISIT}, False),
        ({"sex": Sex.MALE}, False),
        ({"born": date(1960, 5, 31)}, False),
        ({"sex": Sex.MALE, "household": ""}, False),
        ({"household": "320404", "born": None}, False),
        *(({name: None}, None) for name in ("sex", "born", "stay")),
        *(({name: ""}, None) for name in ("household", "residence")),
        ({"household": "香蕉"}, None),
    ],
)
def test_四_一_2_the_eight_are_asked_of_floating_women_and_what_is_missing_leaves_it_open(
    answers: dict[str, object], asked: bool | None
) -> None:
    assert asks_eight(_with(**answers), SETTINGS) is asked


def test_四_一_2_the_divisions_of_the_day_of_registration_decide_who_is_floating() -> None:
    of_jintan = _with(household="320482", registered=date(2015, 4, 28))

    assert asks_eight(of_jintan, SETTINGS) is True
    assert asks_eight(attrs.evolve(of_jintan, registered=date(2015, 4, 29)), SETTINGS) is False


def test_while_it_is_open_whether_they_are_asked_the_missing_item_is_the_gap_and_the_eight_are_none() -> None:
    found = gaps(_with(household=""), SETTINGS, DAY)

    assert [(gap.item, gap.code, gap.blocks) for gap in found] == [("household", "missing", True)]


def test_四_一_2_what_a_settled_woman_was_asked_is_to_be_removed_and_stops_nothing() -> None:
    found = gaps(_with(household="320402"), SETTINGS, DAY)

    assert [(gap.item, gap.code, gap.blocks) for gap in found] == [
        (name, "unexpected", False) for name in EIGHT
    ]


def test_四_一_2_the_eight_are_asked_of_women_of_childbearing_age_alone_and_are_to_be_removed_elsewhere() -> (
    None
):
    old = _with(born=date(1960, 5, 31), identity="")
    man = _with(sex=Sex.MALE, identity="")

    for form in (old, man):
        assert [item for item, code in _gaps(form) if code == "unexpected"] == EIGHT
        assert _gaps(attrs.evolve(form, **EMPTY_EIGHT)) == [("identity", "missing")]
    assert ("marriage", "unexpected") not in _gaps(_with(sex=None, identity=""))


def test_of_childbearing_age_is_the_adopters_definition_on_the_day_of_registration() -> None:
    girl = _with(born=date(1996, 6, 1), identity="", **EMPTY_EIGHT)
    wide = attrs.evolve(SETTINGS, ages=STATISTICS_15_49)

    assert _gaps(girl) == [("identity", "missing")]
    assert [gap.item for gap in gaps(girl, wide, DAY)] == ["identity", *EIGHT]


def test_a_gap_holds_no_answer_and_reads_in_both_languages() -> None:
    (gap,) = gaps(_with(identity="999999198503010020"), SETTINGS, DAY)

    assert "99999" not in str(gap)
    assert str(gap).startswith(
        "四(一)1 identity: 核对公民身份号码（GB 11643）：校验码不符，有字符填写错误 (character 18:"
    )


@given(st.from_type(RegistrationForm), st.dates(date(2011, 5, 18), date(2015, 1, 1)))
def test_filling_in_a_missing_item_removes_its_gap_and_every_gap_is_about_a_known_item(
    form: RegistrationForm, today: date
) -> None:
    found = gaps(form, SETTINGS, today)

    assert len(set(found)) == len(found)
    known = {item.name for item in SETTINGS.items} | {"registered"}
    for gap in found:
        assert gap.item in known
        if gap.code == "missing":
            filled = attrs.evolve(form, **{gap.item: getattr(COMPLETE, gap.item)})
            assert Gap(gap.item, "missing", gap.zh, gap.en, gap.clause) not in gaps(filled, SETTINGS, today)


def test_an_adopters_own_eight_take_the_place_of_ours_and_must_be_eight() -> None:
    other = Item("card_number", "服务卡号", "card number", "四(三)")
    eight = (*EIGHT_INFERRED[:7], attrs.evolve(EIGHT_INFERRED[0], name="education"))
    own = FormSettings(BASIC, eight)

    assert [gap.item for gap in gaps(COMPLETE, own, DAY)] == ["education"]
    with pytest.raises(Invalid) as caught:
        FormSettings(BASIC, (*EIGHT_INFERRED[:5], EIGHT_INFERRED[0], other))
    assert [(problem.place, problem.fact) for problem in caught.value.problems] == [
        ("eight", "came 7 items, expected 8 (四(三): 计划生育8项内容)"),
        ("marriage", "is given more than once"),
        ("card_number", "is no field of the form; declare it among your own items too"),
    ]


CARD = Item("card_number", "服务卡号", "card number", "四(三)")
OWN_EIGHT = FormSettings(BASIC, (*EIGHT_INFERRED[:7], CARD), own=(CARD,), divisions=SETTINGS.divisions)


@pytest.mark.parametrize("operator", [Role.FAMILY_PLANNING, Role.PUBLIC_SECURITY])
def test_四_三_an_adopters_own_item_among_the_eight_is_mandatory_and_entered(operator: Role) -> None:
    system = MemoryCollectionSystem(operator)
    with _work() as work:
        record_form(work, COMPLETE, PAIR, DAY, settings=OWN_EIGHT)
        returned = enter(work, system, "F-1", DAY, settings=OWN_EIGHT)
        assert returned.reasons == ("card_number:missing",)
        correct_form(work, _with(own={"card_number": "K-1"}), DAY, settings=OWN_EIGHT)
        assert enter(work, system, "F-1", DAY, settings=OWN_EIGHT).state is CollectionState.ENTERED
        assert give_card(work, "F-1", DAY, settings=OWN_EIGHT).marriage is Marriage.MARRIED
    entry = system.entries["F-1"]

    assert entry.present[7] == ("card_number", True)
    assert ("card_number" in dict(entry.answers)) is (operator is Role.FAMILY_PLANNING)
    assert [name for name, _ in entry.answers].count("card_number") <= 1


def test_四_三_an_own_item_of_the_eight_can_be_not_available() -> None:
    silent = _with(not_available={"card_number": "declined"})

    assert gaps(silent, OWN_EIGHT, DAY) == ()
    assert [note.item for note in notes(silent, OWN_EIGHT)] == ["card_number"]


def test_四_一_1_an_own_item_among_the_basic_ones_is_asked_of_everyone_and_stops_nothing() -> None:
    settings = FormSettings((*BASIC, CARD), EIGHT_INFERRED, own=(CARD,), divisions=SETTINGS.divisions)

    assert [(g.item, g.code, g.blocks) for g in gaps(COMPLETE, settings, DAY)] == [
        ("card_number", "missing", False)
    ]
    assert [item.name for item in settings.items].count("card_number") == 1
    assert "card_number" in settings.health


def test_an_item_is_given_twice_within_a_group_or_asked_of_everyone_and_of_floating_women() -> None:
    with pytest.raises(Invalid) as caught:
        FormSettings((*BASIC, BASIC[0], EIGHT_INFERRED[0]), EIGHT_INFERRED, own=(CARD, CARD))

    assert [(problem.place, problem.fact) for problem in caught.value.problems] == [
        ("name", "is given more than once"),
        ("card_number", "is given more than once"),
        ("marriage", "is among the basic items and the eight; ask it in one of the two"),
    ]


def test_an_item_whose_own_law_has_ended_is_not_missed() -> None:
    policy = POLICY_ITEMS[0]
    settings = FormSettings((*BASIC, policy), EIGHT_INFERRED, own=(policy,), divisions=SETTINGS.divisions)

    assert [gap.item for gap in gaps(COMPLETE, settings, date(2021, 8, 19))] == [policy.name]
    assert gaps(COMPLETE, settings, date(2021, 8, 20)) == ()


def test_of_contradictions_there_is_one_finding_and_it_names_the_form_and_no_item() -> None:
    form = _with(marriage=Marriage.SINGLE, contraception_used=False, name="")
    found = collection_findings(Collection(form, PAIR, DAY), SETTINGS, DAY, DOCUMENT.clause("四(三)"))

    assert [(finding.code, finding.about) for finding in found] == [
        ("form-missing", "F-1/name"),
        ("form-contradicts", "F-1"),
    ]


def test_code_lists_are_the_national_ones_and_take_local_codes() -> None:
    assert [(one.value, one.zh) for one in MARRIAGE_CODES.terms] == [
        ("10", "未婚"), ("20", "已婚"), ("30", "丧偶"), ("40", "离婚"), ("90", "未说明"),
    ]  # fmt: skip
    local = MARRIAGE_CODES.with_local({"1": Marriage.MARRIED}).with_local({"21": Marriage.MARRIED})
    assert {local.term(code) for code in ("1", "20", "21")} == {Marriage.MARRIED}
    with pytest.raises(Invalid, match="expected one of 10, 20, 30, 40, 90"):
        MARRIAGE_CODES.term("1")
    assert (SEX_CODES.term("2"), EDUCATION_CODES.term("60").zh) == (Sex.FEMALE, "普通高级中学")
    assert CodeList("own", Marriage, {"10": Marriage.WIDOWED}).term("10") is Marriage.WIDOWED
    assert sum(one.is_method for one in CONTRACEPTION_CODES.terms) == 8


def test_四_三_a_form_is_read_from_a_sites_own_columns_and_codes() -> None:
    lists = CODE_LISTS | {
        "marriage": MARRIAGE_CODES.with_local({"1": Marriage.MARRIED}),
        "stay": CODE_LISTS["stay"].with_local({"01": Stay.WORK}),
    }
    columns = {
        "id": "F-1", "registered": "2011-06-01", "name": "示例甲", "sex": "2", "born": "1985-03-01",
        "identity": "99999919850301002X", "household": "341221", "residence": "320404", "address": "示例路1号",
        "phone": "00000000000", "arrived": "2011-05-20", "stay": "01", "education": "", "marriage": "1",
        "with_spouse": "1", "births": "some", "children": "1", "contraception_used": "1",
        "contraception": "condom", "pregnancy": "none", "certificate_held": "1",
    }  # fmt: skip

    assert read_form(columns, lists) == COMPLETE
    assert read_form(columns | {"certificate_held": "0"}, lists) == _with(certificate_held=False)
    assert read_form(columns | {"shoe_size": "37"}, lists, ("shoe_size",)) == _with(own={"shoe_size": "37"})
    assert read_form(columns | {"certificate_held": " "}, lists) == _with(certificate_held=None)
    assert read_form(columns | {"births": ""}, lists, not_available={"births": "declined"}) == _with(
        births=None, not_available={"births": "declined"}
    )


def test_everything_wrong_with_a_sites_columns_is_told_at_once_and_no_answer_is_shown() -> None:
    columns = {
        "marriage": "示例", "children": "两个", "born": "19850301", "certificate_held": "是", "鞋码": "示例",
    }  # fmt: skip
    with pytest.raises(Invalid) as caught:
        read_form(columns, CODE_LISTS)

    assert [(problem.place, problem.fact) for problem in caught.value.problems] == [
        ("form", "has 1 columns that are no field of the form; leave them out, or declare them as own items"),
        ("id", "is missing"),
        ("registered", "is missing"),
        (
            "marriage",
            "came a code of 2 characters that is not in the list, expected one of 10, 20, 30, 40, 90",
        ),
        ("children", "came 2 characters, expected a whole number"),
        ("born", "came 8 characters, expected a date such as 2011-06-01"),
        ("certificate_held", "came a code of 1 characters that is not in the list, expected one of 1, 0"),
    ]


def test_every_coded_field_of_the_form_has_a_list() -> None:
    hints = get_type_hints(RegistrationForm)
    coded = {
        name
        for name, kind in hints.items()
        if any(one is bool or (isinstance(one, type) and issubclass(one, Term)) for one in get_args(kind))
    }

    assert set(CODE_LISTS) == coded


# ---- 四(二): the pair and the sources


def test_四_二_a_pair_is_a_coordinator_and_a_community_worker_given_in_either_order() -> None:
    coordinator = StaffMember("S-1", StaffKind.COORDINATOR, "320411001")
    worker = StaffMember("W-1", StaffKind.COMMUNITY, "320411001", "C-1")
    pair = Pair.of(worker, coordinator, "C-1", DAY)

    assert pair == Pair.of(coordinator, worker, "C-1", DAY) == Pair("S-1", "W-1", "C-1", DAY)
    with pytest.raises(Invalid, match="expected one coordinator and one community worker"):
        Pair.of(coordinator, coordinator, "C-1", DAY)


def test_四_二_a_pair_is_of_two_people_and_does_not_end_before_it_begins() -> None:
    with pytest.raises(Invalid) as empty:
        Pair("", " ", "C-1", DAY, date(2011, 5, 31))
    with pytest.raises(Invalid) as alone:
        Pair("S-1", "S-1", "C-1", DAY, DAY)

    assert [problem.place for problem in empty.value.problems] == ["coordinator", "community_worker", "until"]
    assert [problem.place for problem in alone.value.problems] == ["community_worker"]


def test_四_二_the_two_who_collect_are_on_record_as_one_of_each_kind() -> None:
    with _work() as work:
        for pair, problems in (
            (Pair("W-1", "S-1", "C-1", DAY), ["coordinator", "community_worker"]),
            (Pair("S-1", "S-2", "C-1", DAY), ["community_worker"]),
        ):
            work.staff.put(StaffMember("S-2", StaffKind.COORDINATOR, "320411001"))
            with pytest.raises(Invalid) as caught:
                record_form(work, COMPLETE, pair, DAY)
            assert [problem.place for problem in caught.value.problems] == problems
        with pytest.raises(NoSuchRecord):
            record_form(work, COMPLETE, Pair("S-1", "W-9", "C-1", DAY), DAY)


@pytest.mark.parametrize(
    ("on", "bound"), [((5, 31), False), ((6, 1), True), ((6, 30), True), ((7, 1), False)]
)
def test_四_二_a_collection_needs_a_pair_that_is_bound_on_the_day(on: tuple[int, int], bound: bool) -> None:
    pair = Pair("S-1", "W-1", "C-1", date(2011, 6, 1), date(2011, 6, 30))
    day = date(2011, *on)

    assert pair.stands(day) is bound
    if bound:
        assert Collection(COMPLETE, pair, day).pair is pair
    else:
        with pytest.raises(Invalid, match="结对捆绑,共同采集"):
            Collection(COMPLETE, pair, day)


# 1 June 2011 is a Wednesday; 4-6 June were off: five working days later it is Thursday 9 June.
def test_四_二_a_source_that_was_asked_and_has_not_provided_is_a_finding() -> None:
    asked = Inquiry("Q-1", Source.ENTERPRISE, "E-1", DAY)
    clause = DOCUMENT.clause("四(二)")

    assert not_provided([asked], date(2011, 6, 9), CALENDAR, clause) == ()
    (finding,) = not_provided([asked], date(2011, 6, 10), CALENDAR, clause)
    assert (finding.owed_by, finding.due, finding.about) == ("企业 E-1", date(2011, 6, 9), "Q-1")
    assert not_provided([asked.answered(date(2011, 6, 10))], date(2011, 6, 30), CALENDAR, clause) == ()
    assert len(not_provided([asked], date(2011, 6, 3), CALENDAR, clause, within=1)) == 1
    with pytest.raises(Invalid, match="the day of asking"):
        asked.answered(date(2011, 5, 31))


def test_四_二_sources_are_enterprises_and_members_of_the_association() -> None:
    assert [source.zh for source in Source] == ["企业", "流动人口计划生育协会会员"]
    assert all(source.zh in DOCUMENT.clause("四(二)").text for source in Source)


# ---- 四(三): entry into the collection system


def test_四_三_a_complete_form_is_entered_and_has_the_systems_reference() -> None:
    system = MemoryCollectionSystem(Role.FAMILY_PLANNING)
    with _work() as work:
        record_form(work, COMPLETE, PAIR, DAY)
        done = enter(work, system, "F-1", DAY)

        assert work.collections.get("F-1") == done
    assert (done.state, done.reference, done.gaps_at_entry) == (CollectionState.ENTERED, "entry/F-1", 0)
    assert dict(system.entries["F-1"].answers)["marriage"] is Marriage.MARRIED


def test_四_三_to_a_system_of_the_police_goes_whether_each_is_present_and_no_value() -> None:
    system = MemoryCollectionSystem(Role.PUBLIC_SECURITY)
    with _work() as work:
        record_form(work, COMPLETE, PAIR, DAY)
        enter(work, system, "F-1", DAY)
    entry = system.entries["F-1"]

    assert {name for name, _ in entry.answers}.isdisjoint(EIGHT)
    assert entry.present == tuple((name, True) for name in EIGHT)
    assert dict(entry.answers)["name"] == "示例甲"


def test_to_a_system_of_the_police_goes_no_item_of_health_wherever_the_adopter_lists_it() -> None:
    education = Item("education", "学历", "education", "四(三)")
    moved = FormSettings(
        (*BASIC, EIGHT_INFERRED[6]),
        (*EIGHT_INFERRED[:6], EIGHT_INFERRED[7], education),
        own=(
            Item("iud_date", "上环日期", "a date", "四(一)2"),
            Item("card_number", "服务卡号", "card number", "四(一)4", sensitivity=Sensitivity.PERSONAL),
        ),
    )
    form = _with(pregnancy="2011-02", own={"iud_date": "2010-01", "card_number": "K-1"})

    def sent(operator: Role) -> set[str]:
        return {name for name, _ in entry_for(form, moved, operator).answers}

    health = {*EIGHT, "iud_date"}
    assert sent(Role.PUBLIC_SECURITY) == {item.name for item in BASIC} | {"card_number"}
    assert sent(Role.FAMILY_PLANNING) == {item.name for item in BASIC} | {"card_number"} | health


def test_an_own_item_is_about_health_unless_it_is_declared_not_to_be() -> None:
    assert Item("x", "例", "an example", "四(一)4").sensitivity is Sensitivity.HEALTH


@pytest.mark.parametrize("operator", Role)
def test_of_a_settled_woman_the_eight_go_nowhere(operator: Role) -> None:
    entry = entry_for(_with(household="320402"), SETTINGS, operator)

    assert entry.present == ()
    assert {name for name, _ in entry.answers}.isdisjoint(EIGHT)


@pytest.mark.parametrize("operator", Role)
def test_of_a_man_the_eight_go_nowhere_not_even_as_present(operator: Role) -> None:
    entry = entry_for(_with(sex=Sex.MALE), SETTINGS, operator)

    assert entry.present == ()
    assert {name for name, _ in entry.answers}.isdisjoint(EIGHT)


def test_an_item_left_open_is_absent_and_says_so() -> None:
    entry = entry_for(_with(children=None), SETTINGS, Role.COORDINATION)

    assert ("children", False) in entry.present
    assert "children" not in dict(entry.answers)


def test_四_三_a_form_with_gaps_is_not_sent_and_comes_back_with_their_codes() -> None:
    system = MemoryCollectionSystem(Role.FAMILY_PLANNING)
    with _work() as work:
        record_form(work, _with(children=None, marriage=None), PAIR, DAY)
        assert [f.code for f in collection_owed(work, DAY, CALENDAR)] == ["form-missing", "form-missing"]
        returned = enter(work, system, "F-1", DAY)
        findings = collection_owed(work, DAY, CALENDAR)

    assert system.entries == {}
    assert returned.reasons == ("marriage:missing", "children:missing")
    assert (returned.state, returned.gaps_at_entry) == (CollectionState.RETURNED, 2)
    assert [(f.code, f.about, f.clause.number) for f in findings] == [
        ("form-missing", "F-1/marriage", "四(三)"),
        ("form-missing", "F-1/children", "四(三)"),
        ("form-returned", "F-1", "四(三)"),
    ]
    assert findings[0].owed_by == "流动人口协管员S-1、社区W-1"


def test_四_三_what_the_system_returns_is_corrected_and_entered_again() -> None:
    refusals = [("CODE",), ()]
    system = MemoryCollectionSystem(Role.FAMILY_PLANNING, lambda _: refusals.pop(0))
    with _work() as work:
        record_form(work, COMPLETE, PAIR, DAY)
        returned = enter(work, system, "F-1", DAY)
        assert (returned.state, returned.reasons) == (CollectionState.RETURNED, ("CODE",))
        with pytest.raises(WrongState):
            enter(work, system, "F-1", DAY)
        assert correct_form(work, _with(employer="示例厂"), DAY).state is CollectionState.COLLECTED
        done = enter(work, system, "F-1", DAY)

    assert (done.state, done.reasons, done.was_returned) == (CollectionState.ENTERED, (), True)


def test_what_was_entered_is_not_sent_a_second_time() -> None:
    sent: list[Entry] = []
    system = MemoryCollectionSystem(Role.FAMILY_PLANNING, lambda entry: sent.append(entry) or ())  # type: ignore[func-returns-value]
    with _work() as work:
        record_form(work, COMPLETE, PAIR, DAY)
        enter(work, system, "F-1", DAY)
        with pytest.raises(WrongState):
            enter(work, system, "F-1", DAY)

    assert len(sent) == 1


def test_a_system_that_cannot_be_reached_leaves_the_form_as_it_was() -> None:
    def fails(_: Entry) -> tuple[str, ...]:
        raise ConnectionError

    with _work() as work:
        record_form(work, COMPLETE, PAIR, DAY)
        with pytest.raises(ConnectionError):
            enter(work, MemoryCollectionSystem(Role.FAMILY_PLANNING, fails), "F-1", DAY)

        assert work.collections.get("F-1").state is CollectionState.COLLECTED


def test_四_三_a_form_with_other_gaps_is_entered_and_they_go_on_record() -> None:
    with _work() as work:
        record_form(work, _with(name="", identity="999999850301002"), PAIR, DAY)
        owed = [finding.code for finding in collection_owed(work, DAY, CALENDAR)]
        done = enter(work, MemoryCollectionSystem(Role.FAMILY_PLANNING), "F-1", DAY)

    assert owed == ["form-missing", "form-identity-number", "form-not-entered"]
    assert (done.state, done.gaps_at_entry) == (CollectionState.ENTERED, 2)


def test_an_answer_with_neither_reference_nor_reasons_is_refused_and_the_form_stays_as_it_was() -> None:
    class Silent(MemoryCollectionSystem):
        def enter(self, entry: Entry) -> Answer:
            return Answer()

    with _work() as work:
        record_form(work, COMPLETE, PAIR, DAY)
        with pytest.raises(Invalid, match="neither a reference nor reasons"):
            enter(work, Silent(Role.FAMILY_PLANNING), "F-1", DAY)

        assert work.collections.get("F-1").state is CollectionState.COLLECTED


def test_a_system_that_returns_free_text_is_refused_and_the_text_is_not_shown() -> None:
    system = MemoryCollectionSystem(Role.FAMILY_PLANNING, lambda _: ("示例甲 婚姻有误",))
    with _work() as work:
        record_form(work, COMPLETE, PAIR, DAY)
        with pytest.raises(Invalid, match="expected a code such as marriage:missing") as caught:
            enter(work, system, "F-1", DAY)

        assert "示例" not in str(caught.value) + repr(caught.value)
        assert work.collections.get("F-1").state is CollectionState.COLLECTED


def test_四_三_a_form_on_record_is_not_recorded_a_second_time() -> None:
    with _work() as work:
        record_form(work, COMPLETE, PAIR, DAY)
        entered = enter(work, MemoryCollectionSystem(Role.FAMILY_PLANNING), "F-1", DAY)
        with pytest.raises(Invalid, match="correct that form with correct_form"):
            record_form(work, _with(name=""), PAIR, DAY)

        assert work.collections.get("F-1") is entered


def test_四_三_a_correction_keeps_what_was_found_wrong_at_first() -> None:
    with _work() as work:
        record_form(work, _with(children=None), PAIR, DAY)
        enter(work, MemoryCollectionSystem(Role.FAMILY_PLANNING), "F-1", DAY)
        correct_form(work, COMPLETE, DAY)
        done = enter(work, MemoryCollectionSystem(Role.FAMILY_PLANNING), "F-1", DAY)

    assert (done.state, done.gaps_at_entry, done.was_returned) == (CollectionState.ENTERED, 1, True)


def test_a_correction_without_a_person_keeps_the_link_and_one_with_a_person_sets_it() -> None:
    linked = Collection(_with(person="P-1"), PAIR, DAY)

    assert linked.corrected(_with(name="示例乙")).form == _with(name="示例乙", person="P-1")
    assert linked.corrected(_with(person="P-2")).form.person == "P-2"


def test_四_三_a_form_is_corrected_before_it_is_entered_and_not_after() -> None:
    with _work() as work:
        with pytest.raises(NoSuchRecord):
            correct_form(work, COMPLETE, DAY)
        record_form(work, _with(children=None), PAIR, DAY)
        assert correct_form(work, COMPLETE, DAY).form == COMPLETE
        assert work.collections.get("F-1").form == COMPLETE
        enter(work, MemoryCollectionSystem(Role.FAMILY_PLANNING), "F-1", DAY)
        with pytest.raises(WrongState):
            correct_form(work, COMPLETE, DAY)


@pytest.mark.parametrize(
    ("on", "error"), [(date(2011, 5, 17), NotYetIssued), (date(2021, 9, 27), NoLegalBasis)]
)
def test_a_correction_needs_a_law_and_known_items(on: date, error: type[MigrantFpError]) -> None:
    with _work() as work:
        record_form(work, COMPLETE, PAIR, DAY)
        with pytest.raises(error):
            correct_form(work, COMPLETE, on)
        with pytest.raises(Invalid, match="1 items are unknown"):
            correct_form(work, _with(own={"shoe_size": "x"}), DAY)
        assert correct_form(work, COMPLETE, date(2022, 3, 1), basis=OWN)


def test_own_answers_cannot_be_changed_where_they_are_kept() -> None:
    store = MemoryStore()
    with _work(store) as work:
        record_form(work, _with(own={"birth_policy": "例"}), PAIR, DAY)
        work.commit()
    with store.begin() as work:
        kept = work.collections.get("F-1").form
        with pytest.raises(TypeError):
            kept.own["birth_policy"] = "改"  # type: ignore[index]
    with store.begin() as work:
        assert work.collections.get("F-1").form.own == {"birth_policy": "例"}


def test_a_form_takes_a_copy_of_own_answers_and_is_compared_and_hashed_by_them() -> None:
    given = {"birth_policy": "例"}
    form = _with(own=given)
    given["birth_policy"] = "改"

    assert form == _with(own={"birth_policy": "例"})
    assert hash(form) == hash(_with(own={"birth_policy": "例"}))
    assert form != _with(own=given)
    assert (len(form.own), list(form.own), form.answer("birth_policy")) == (1, ["birth_policy"], "例")


def test_a_form_ready_to_enter_is_owed_as_an_entry() -> None:
    (finding,) = collection_findings(
        Collection(COMPLETE, PAIR, DAY), SETTINGS, DAY, DOCUMENT.clause("四(三)")
    )

    assert (finding.code, finding.action) == ("form-not-entered", "录入社会化采集系统")


def test_a_return_needs_reasons_and_a_correction_is_of_the_same_form() -> None:
    collection = Collection(COMPLETE, PAIR, DAY)
    with pytest.raises(Invalid, match="reasons"):
        collection.returned(())
    with pytest.raises(Invalid, match="another form"):
        collection.returned(("X",)).corrected(_with(id="F-9"))
    with pytest.raises(WrongState):
        collection.entered("entry/F-1", 0).corrected(COMPLETE)


def test_owed_are_also_the_sources_that_have_not_provided() -> None:
    with _work() as work:
        work.inquiries.put(Inquiry("Q-1", Source.ASSOCIATION_MEMBER, "M-1", DAY))
        found = collection_owed(work, date(2011, 6, 30), CALENDAR)

    assert [(f.code, f.owed_by) for f in found] == [("not-provided", "流动人口计划生育协会会员 M-1")]


# ---- 四(四): the card


def test_四_四_the_card_goes_from_the_coordinator_to_the_community() -> None:
    with _work() as work:
        record_form(work, COMPLETE, PAIR, DAY)
        card = give_card(work, "F-1", DAY)
        onward = give_card(work, "F-1", DAY, Recipient.FAMILY_PLANNING_OFFICE)

    assert (card.form, card.pair, card.filled, card.recipient) == ("F-1", PAIR, DAY, Recipient.COMMUNITY)
    assert (card.marriage, card.births, card.children) == (Marriage.MARRIED, Births.SOME, 1)
    assert (card.contraception, card.pregnancy, card.certificate_held) == (Contraception.CONDOM, "none", True)
    assert "推断" in onward.recipient.zh


def test_四_四_no_card_can_be_addressed_to_another_sector() -> None:
    assert [recipient.value for recipient in Recipient] == ["community", "family_planning_office"]


@pytest.mark.parametrize(
    "answers", [{"sex": Sex.MALE}, {"household": "320402"}, {"stay": Stay.MEDICAL}, {"household": ""}]
)
def test_四_四_the_card_is_of_floating_women_of_childbearing_age(answers: dict[str, object]) -> None:
    with pytest.raises(Invalid, match="流入育龄妇女"):
        card_for(Collection(_with(**answers), PAIR, DAY), DAY, SETTINGS)


def test_the_card_holds_what_the_clause_asks_and_no_name_number_or_address() -> None:
    names = {field.name for field in attrs.fields(CollectionCard)}

    assert names.isdisjoint({"name", "identity", "address", "phone", "born"})


# ---- law in time


@pytest.mark.parametrize(
    ("on", "error"),
    [(date(2011, 5, 17), NotYetIssued), (date(2021, 9, 27), NoLegalBasis), (date(2021, 9, 15), NoLegalBasis)],
)
def test_nothing_is_collected_entered_or_given_without_a_law(on: date, error: type[MigrantFpError]) -> None:
    pair = Pair("S-1", "W-1", "C-1", date(2011, 1, 1))
    with _work() as work:
        work.collections.put(Collection(COMPLETE, pair, on))
        for act in (
            lambda: record_form(work, COMPLETE, pair, on),
            lambda: enter(work, MemoryCollectionSystem(Role.FAMILY_PLANNING), "F-1", on),
            lambda: give_card(work, "F-1", on),
        ):
            with pytest.raises(error):
                act()


@pytest.mark.parametrize("on", [date(2011, 5, 18), date(2021, 9, 8)])
def test_it_is_from_the_documents_day_to_the_last_day_of_the_law(on: date) -> None:
    with _work() as work:
        assert record_form(work, COMPLETE, PAIR, on).on == on


@pytest.mark.parametrize(
    ("registered", "basis", "error"),
    [
        (date(2021, 9, 8), OWN, None),
        (date(2022, 1, 1), OWN, None),
        (date(2021, 12, 31), OWN, NoLegalBasis),
        (date(2009, 9, 30), OWN, NotModelled),
    ],
)
def test_四_三_a_form_is_entered_and_given_where_a_law_stood_on_the_day_of_registration_too(
    registered: date, basis: LegalBasis, error: type[MigrantFpError] | None
) -> None:
    on, system = date(2022, 3, 1), MemoryCollectionSystem(Role.FAMILY_PLANNING)
    with _work() as work:
        record_form(work, _with(registered=registered), PAIR, on, basis=basis)
        for act in (
            lambda: give_card(work, "F-1", on, basis=basis),
            lambda: enter(work, system, "F-1", on, basis=basis),
        ):
            if error is None:
                assert act()
            else:
                with pytest.raises(error):
                    act()

    assert bool(system.entries) is (error is None)


def test_四_三_a_form_dated_after_the_repeal_is_not_entered_before_it() -> None:
    on, system = date(2021, 9, 1), MemoryCollectionSystem(Role.FAMILY_PLANNING)
    with _work() as work:
        record_form(work, _with(registered=date(2021, 12, 1)), PAIR, on)
        with pytest.raises(NoLegalBasis):
            enter(work, system, "F-1", on)

    assert system.entries == {}


@pytest.mark.parametrize("on", [date(2021, 9, 15), date(2023, 3, 1)])
def test_after_the_repeal_nobody_is_asked_for_what_could_not_be_collected(on: date) -> None:
    own = LegalBasis("示例规定", "例", date(2021, 9, 9), None, "例")
    with _work() as work:
        record_form(work, _with(marriage=None), PAIR, DAY)
        with pytest.raises(NoLegalBasis, match="流动人口计划生育工作条例"):
            collection_owed(work, on, CALENDAR)
        assert [f.about for f in collection_owed(work, on, CALENDAR, basis=own)] == ["F-1/marriage"]
        assert collection_owed(work, date(2021, 9, 8), CALENDAR)
        with pytest.raises(NotYetIssued):
            collection_owed(work, date(2011, 5, 17), CALENDAR)


def test_after_the_repeal_an_adopter_supplies_the_law_with_document_and_interval() -> None:
    on = date(2022, 3, 1)
    with _work() as work:
        record_form(work, _with(registered=on), PAIR, on, basis=OWN)
        done = enter(work, MemoryCollectionSystem(Role.FAMILY_PLANNING), "F-1", on, basis=OWN)

        assert done.state is CollectionState.ENTERED
        with pytest.raises(NoLegalBasis):
            give_card(work, "F-1", on)
        assert give_card(work, "F-1", on, basis=OWN).filled == on


@pytest.mark.parametrize("item", [one.name for one in POLICY_ITEMS])
def test_fee_and_policy_items_end_with_the_law_of_2021_08_20(item: str) -> None:
    with _work() as work:
        for number, on in enumerate((date(2011, 6, 1), date(2021, 8, 19))):
            assert record_form(work, _with(id=f"F-{number}", own={item: "例"}), PAIR, on)
        with pytest.raises(NoLegalBasis, match="2021年8月20日修正") as caught:
            record_form(work, _with(own={item: "例"}), PAIR, date(2021, 8, 20))
        assert record_form(work, _with(id="F-9"), PAIR, date(2021, 8, 20))
    assert caught.value.inferred
    assert "our inference （本库推断）" in str(caught.value)
    assert all(one.inferred for one in POLICY_ITEMS)
    assert not {one.name for one in POLICY_ITEMS} & {one.name for one in SETTINGS.items}


def test_items_that_the_settings_do_not_know_are_counted_and_refused() -> None:
    own = attrs.evolve(SETTINGS, own=(Item("shoe_size", "例", "an example", "四(一)4"),))
    with _work() as work:
        with pytest.raises(Invalid) as caught:
            record_form(work, _with(own={"shoe_size": "x", "belief": "x"}), PAIR, DAY)
        assert [str(problem) for problem in caught.value.problems] == [
            "own: 2 items are unknown and not shown; declare them among the own items of the settings"
        ]
        with pytest.raises(Invalid, match="1 items are unknown"):
            record_form(work, _with(not_available={"shoe_size": "x"}), PAIR, DAY)
        assert record_form(work, _with(own={"shoe_size": "x"}), PAIR, DAY, settings=own)


# ---- erasure


def test_erasing_a_resident_takes_person_certificate_and_forms() -> None:
    with _work() as work:
        work.persons.put(Person("P-1", "示例甲", Sex.FEMALE, DAY, "341221", "320404", Stay.WORK, DAY))
        work.certificates.put(Certificate("P-1"))
        record_form(work, COMPLETE, PAIR, DAY)
        erase(work, "P-1", ("F-1",))
        for register, record in (
            (work.persons, "P-1"),
            (work.certificates, "P-1"),
            (work.collections, "F-1"),
        ):
            with pytest.raises(NoSuchRecord):
                register.get(record)
        work.persons.put(Person("P-2", "示例乙", Sex.MALE, DAY, "341221", "320404", Stay.WORK, DAY))
        erase(work, "P-2", ())
        with pytest.raises(NoSuchRecord):
            erase(work, "P-2", ())


def test_the_forms_of_a_resident_are_erased_whether_or_not_she_is_on_record() -> None:
    with _work() as work:
        record_form(work, COMPLETE, PAIR, DAY)
        erase(work, "P-1", ("F-1",))
        record_form(work, _with(person="P-1"), PAIR, DAY)
        erase(work, "P-1")
        for call in (lambda: work.collections.get("F-1"), lambda: erase(work, "P-1")):
            with pytest.raises(NoSuchRecord):
                call()


def test_all_forms_linked_to_a_resident_are_erased_and_those_of_others_stay() -> None:
    with _work() as work:
        work.persons.put(Person("P-1", "示例甲", Sex.FEMALE, DAY, "341221", "320404", Stay.WORK, DAY))
        for number, person in enumerate(("P-1", "P-1", "", "", "P-2")):
            record_form(work, _with(id=f"F-{number}", person=person), PAIR, DAY)
        erase(work, "P-1", ("F-1", "F-2"))

        assert [one.id for one in work.collections.not_entered()] == ["F-3", "F-4"]
        assert work.collections.of("P-1") == ()


def test_a_form_of_another_resident_is_not_erased_and_nor_is_one_of_nobody_by_an_empty_id() -> None:
    with _work() as work:
        record_form(work, _with(person="P-2"), PAIR, DAY)
        record_form(work, _with(id="F-2"), PAIR, DAY)
        with pytest.raises(Invalid, match="linked to another resident") as caught:
            erase(work, "P-1", ("F-1",))
        for person, forms in (("", ()), ("P-1", ("F-9",))):
            with pytest.raises(NoSuchRecord):
                erase(work, person, forms)

        assert "P-2" not in str(caught.value)
        assert [one.id for one in work.collections.not_entered()] == ["F-1", "F-2"]


def test_a_certificate_alone_is_erased() -> None:
    with _work() as work:
        work.certificates.put(Certificate("P-1"))
        erase(work, "P-1")
        with pytest.raises(NoSuchRecord):
            work.certificates.get("P-1")


def test_an_erasure_that_fails_halfway_is_not_taken_for_done() -> None:
    class Broken(MemoryRegister[Certificate]):
        def erase(self, id: str) -> None:
            raise KeyError("connection")

    with _work() as work:
        work.persons.put(Person("P-1", "示例甲", Sex.FEMALE, DAY, "341221", "320404", Stay.WORK, DAY))
        work.certificates = Broken("certificates")
        with pytest.raises(KeyError):
            erase(work, "P-1", ())
