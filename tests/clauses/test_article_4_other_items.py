"""四(一)4 其他相关信息: an adopter's own items are part of the form, asked where its rules say so, and about health unless declared otherwise."""

from datetime import date

import attrs

from migrant_fp.domain.form import FormSettings, RegistrationForm
from migrant_fp.domain.form_items import Item
from migrant_fp.domain.privacy import Sensitivity
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.changzhou_form import BASIC, EIGHT_INFERRED, POLICY_ITEMS, SETTINGS

OWN = Item("shoe_size", "鞋码", "shoe size", "四(一)4")


def test_四_一_4_the_items_of_an_adopter_stand_among_those_of_the_form() -> None:
    settings = FormSettings(BASIC, EIGHT_INFERRED, own=(OWN, *POLICY_ITEMS))

    assert settings.items[-3:] == (OWN, *POLICY_ITEMS)
    assert len(settings.items) == len(BASIC) + 8 + 3
    assert {item.clause for item in settings.items[-3:]} == {"四(一)4"}
    assert "其他相关信息" in DOCUMENT.clause("四(一)4").text


def test_四_一_4_an_own_item_is_about_health_unless_it_is_declared_otherwise() -> None:
    plain = attrs.evolve(OWN, name="plain", sensitivity=Sensitivity.PERSONAL)
    settings = FormSettings(
        BASIC, EIGHT_INFERRED, own=(attrs.evolve(OWN, sensitivity=Sensitivity.HEALTH), plain)
    )

    assert settings.health - SETTINGS.health == {"shoe_size"}


def test_四_一_4_an_own_item_is_answered_under_its_name() -> None:
    form = RegistrationForm("F-1", date(2011, 6, 1), own={"shoe_size": "37", "empty": ""})

    assert [form.answer(item) for item in ("shoe_size", "empty", "other")] == ["37", None, None]
