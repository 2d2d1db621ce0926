"""四、建立流动人口计划生育信息采集机制: what is collected, by whom, into which system, and the card.

(一)采集信息内容包括…(二)…结对捆绑,共同采集。企业和流动人口计划生育协会会员应及时提供…(三)…计划生育8项内容作为必填项目,准确采集信息,
录入社会化采集系统。(四)…将流入育龄妇女信息提供给社区负责计划生育工作的负责人,填写流入育龄妇女计划生育信息采集卡。

Clauses 四(一)1, 四(一)2, 四(一)3, 四(一)4, 四(二), 四(三), 四(四).
"""

from datetime import date

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import migrant_fp.testing  # noqa: F401 - registers the strategies
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.memory import MemoryCollectionSystem, MemoryStore, MemoryUnitOfWork
from migrant_fp.application.collect import collection_owed, enter, erase, give_card, record_form
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
from migrant_fp.domain.errors import Invalid, NoLegalBasis, NotYetIssued, WrongState
from migrant_fp.domain.form import NOT_PREGNANT, FormSettings, Gap, RegistrationForm, gaps
from migrant_fp.domain.form_items import Births, CodeList, Contraception, Item, Marriage
from migrant_fp.domain.person import STATISTICS_15_49, Person, Sex, Stay
from migrant_fp.domain.staff import Inquiry, Pair, Source, StaffKind, StaffMember, not_provided
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.changzhou_form import (
    BASIC,
    CONTRACEPTION_CODES,
    EDUCATION_CODES,
    EIGHT_INFERRED,
    MARRIAGE_CODES,
    POLICY_ITEMS,
    SETTINGS,
    SEX_CODES,
)
from migrant_fp.schedule.errors import MigrantFpError

CALENDAR = working_calendar()
DAY = date(2011, 6, 1)
PAIR = Pair("S-1", "W-1", "C-1", date(2011, 5, 18))
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


def _work() -> MemoryUnitOfWork:
    return MemoryStore().begin()


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


def test_四_三_an_empty_form_of_a_woman_lists_every_item_at_once() -> None:
    empty = RegistrationForm("F-2", DAY, sex=Sex.FEMALE, born=date(1985, 3, 1))

    assert _gaps(empty) == [
        (name, "missing")
        for name in ("name", "identity", "household", "residence", "address", "arrived", "stay", *EIGHT)
    ]


@pytest.mark.parametrize("item", EIGHT)
def test_四_三_each_of_the_eight_is_mandatory(item: str) -> None:
    found = gaps(_with(**{item: EMPTY_EIGHT[item]}), SETTINGS, DAY)

    assert [(gap.item, gap.code, gap.clause) for gap in found] == [(item, "missing", "四(三)")]
    assert found[0].zh.startswith("补填")
    assert found[0].en.startswith("fill in: ")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"registered": date(2011, 6, 2)}, [("registered", "registered-later")]),
        ({"registered": date(2011, 5, 19)}, [("arrived", "arrived-later")]),
        ({"arrived": DAY}, []),
        ({"born": date(2011, 5, 21), "identity": "", "sex": Sex.MALE, **EMPTY_EIGHT}, [("identity", "missing"), ("born", "born-later")]),
        ({"children": -1}, [("children", "children-negative")]),
        ({"births": Births.NONE}, [("children", "children-without-birth")]),
        ({"births": Births.NONE, "children": 0}, []),
        ({"children": 0}, [("children", "birth-without-children")]),
        ({"contraception": Contraception.NONE}, [("contraception", "method-expected")]),
        ({"contraception": Contraception.NOT_STATED}, [("contraception", "method-expected")]),
        ({"contraception_used": False}, [("contraception", "no-method-expected")]),
        ({"contraception_used": False, "contraception": Contraception.NOT_APPLICABLE}, []),
        ({"marriage": Marriage.SINGLE}, [("with_spouse", "spouse-unmarried")]),
        ({"marriage": Marriage.SINGLE, "with_spouse": False}, []),
        ({"pregnancy": "2011-13"}, [("pregnancy", "month-expected")]),
        ({"pregnancy": "三月"}, [("pregnancy", "month-expected")]),
        ({"pregnancy": "2011-07"}, [("pregnancy", "pregnancy-later")]),
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
    assert len(gaps(girl, wide, DAY)) == 9


def test_a_gap_holds_no_answer_and_reads_in_both_languages() -> None:
    (gap,) = gaps(_with(identity="999999198503010020"), SETTINGS, DAY)

    assert "99999" not in str(gap)
    assert str(gap).startswith("四(一)1 identity: 核对公民身份号码（GB 11643） (character 18:")


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
    own = FormSettings(BASIC, (*EIGHT_INFERRED[:7], attrs.evolve(EIGHT_INFERRED[0], name="education")))

    assert [gap.item for gap in gaps(COMPLETE, own, DAY)] == ["education"]
    with pytest.raises(Invalid) as caught:
        FormSettings(BASIC, (*EIGHT_INFERRED[:5], EIGHT_INFERRED[0], other))
    assert [(problem.place, problem.fact) for problem in caught.value.problems] == [
        ("eight", "came 7 items, expected 8 (四(三): 计划生育8项内容)"),
        ("marriage", "is given more than once"),
        ("card_number", "is no field of the form; declare it among your own items too"),
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


# ---- 四(二): the pair and the sources


def test_四_二_a_pair_is_a_coordinator_and_a_community_worker_given_in_either_order() -> None:
    coordinator = StaffMember("S-1", StaffKind.COORDINATOR, "320411001")
    worker = StaffMember("W-1", StaffKind.COMMUNITY, "320411001", "C-1")
    pair = Pair.of(worker, coordinator, "C-1", DAY)

    assert pair == Pair.of(coordinator, worker, "C-1", DAY) == Pair("S-1", "W-1", "C-1", DAY)
    with pytest.raises(Invalid, match="expected one coordinator and one community worker"):
        Pair.of(coordinator, coordinator, "C-1", DAY)


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
        work.collections.put(returned.corrected(_with(employer="示例厂")))
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
        collection.corrected(COMPLETE)


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


def test_四_四_the_card_is_of_women_of_childbearing_age() -> None:
    with pytest.raises(Invalid, match="流入育龄妇女"):
        card_for(Collection(_with(sex=Sex.MALE), PAIR, DAY), DAY, SETTINGS)


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
    form = _with(own={item: "例"})
    with _work() as work:
        assert record_form(work, form, PAIR, date(2011, 6, 1))
        assert record_form(work, form, PAIR, date(2021, 8, 19))
        with pytest.raises(NoLegalBasis, match="2021年8月20日修正"):
            record_form(work, form, PAIR, date(2021, 8, 20))
        assert record_form(work, COMPLETE, PAIR, date(2021, 8, 20))
    assert all(one.inferred for one in POLICY_ITEMS)
    assert not {one.name for one in POLICY_ITEMS} & {one.name for one in SETTINGS.items}


def test_items_that_the_settings_do_not_know_are_refused_all_at_once() -> None:
    own = attrs.evolve(SETTINGS, own=(Item("shoe_size", "例", "an example", "四(一)4"),))
    with _work() as work:
        with pytest.raises(Invalid) as caught:
            record_form(work, _with(own={"shoe_size": "x", "belief": "x"}), PAIR, DAY)
        assert [problem.place for problem in caught.value.problems] == ["belief", "shoe_size"]
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
