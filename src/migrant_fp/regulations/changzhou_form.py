"""The registration form as shipped: items, code lists, and a guess at the eight.

《常州市流动人口信息登记表》 has not been found. The eight items of 四(三) are inferred from a police form of a neighbouring city
of the same province, in which exactly these eight stand together; an adopter who holds the real form replaces them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from migrant_fp.domain.form import FormSettings
from migrant_fp.domain.form_items import Births, CodeList, Contraception, Education, Item, Marriage, YesNo
from migrant_fp.domain.person import Sex, Stay
from migrant_fp.regulations.changzhou_divisions import DIVISIONS
from migrant_fp.regulations.national_law import POPULATION_LAW_2001, POPULATION_LAW_2015

SEX_CODES = CodeList("GB/T 2261.1-2003", Sex)
MARRIAGE_CODES = CodeList("GB/T 2261.2-2003", Marriage)
EDUCATION_CODES = CodeList("GB/T 4658-2006", Education)
CONTRACEPTION_CODES = CodeList("own list: the eight methods of the national statistics", Contraception)
STAY_CODES = CodeList("own list: 流动人口计划生育工作条例 art. 2", Stay)
BIRTHS_CODES = CodeList("own list: 未育 or 已育", Births)
YES_NO_CODES = CodeList("own list: 1 or 0", YesNo)
#: The code list of each coded field of the form; a site adds its own codes with `CodeList.with_local`.
CODE_LISTS: Mapping[str, CodeList[Any]] = MappingProxyType(
    {
        "sex": SEX_CODES,
        "stay": STAY_CODES,
        "education": EDUCATION_CODES,
        "marriage": MARRIAGE_CODES,
        "with_spouse": YES_NO_CODES,
        "births": BIRTHS_CODES,
        "contraception_used": YES_NO_CODES,
        "contraception": CONTRACEPTION_CODES,
        "certificate_held": YES_NO_CODES,
    }
)

BASIC = (
    Item("name", "姓名", "name", "四(一)1"),
    Item("sex", "性别", "sex", "四(一)1", SEX_CODES.standard),
    Item("born", "出生日期", "date of birth", "四(一)1"),
    Item("identity", "公民身份号码", "identity number", "四(一)1", "GB 11643-1999"),
    Item("household", "户籍所在地", "place of household registration", "四(一)1", "GB/T 2260"),
    Item("residence", "现居住地", "place of residence", "四(一)1", "GB/T 2260"),
    Item("address", "居住地址", "address", "四(一)1"),
    Item("arrived", "到达日期", "day of arrival", "四(一)1"),
    Item("stay", "居住事由", "reason of the stay", "四(一)1"),
)
#: Inferred; see the docstring of the module.
EIGHT_INFERRED = (
    Item("marriage", "婚姻状况", "marital status", "四(三)", MARRIAGE_CODES.standard, inferred=True),
    Item("with_spouse", "夫妻同行", "couple travelling together", "四(三)", inferred=True),
    Item("births", "生育情况", "births", "四(三)", inferred=True),
    Item("children", "子女个数", "number of children", "四(三)", inferred=True),
    Item("contraception_used", "是否采取节育措施", "whether contraception is used", "四(三)", inferred=True),
    Item("contraception", "节育措施", "contraception", "四(三)", CONTRACEPTION_CODES.standard, inferred=True),
    Item("pregnancy", "现孕年月", "month of pregnancy, or none", "四(三)", inferred=True),
    Item("certificate_held", "是否领证", "whether the certificate is held", "四(三)", inferred=True),
)
_POLICY = (POPULATION_LAW_2001, POPULATION_LAW_2015)
#: Items of forms in use whose meaning ended with the law of 2021-08-20 (our inference); not part of the shipped settings.
POLICY_ITEMS = (
    Item("birth_policy", "政策内外", "within policy", "四(一)4", inferred=True, bases=_POLICY),
    Item(
        "social_fee",
        "社会抚养费",
        "social maintenance fee",
        "四(一)4",
        inferred=True,
        bases=_POLICY,
    ),
)

SETTINGS = FormSettings(
    BASIC,
    EIGHT_INFERRED,
    note="八项内容系推断：原表未见公开，以采用单位所持原表为准",
    divisions=DIVISIONS,
)
