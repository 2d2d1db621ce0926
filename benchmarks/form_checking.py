"""100,000 forms from parsed JSON: structured, checked, all gaps reported. cattrs beside pydantic 2, the same checks, one run.

The pydantic model is written as its users would write it: fields with their types in strict mode, one `model_validator` that
collects the same gaps. Both see the same forms, one in ten with gaps; that both find the same gaps is checked first.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from migrant_fp.adapters.serialization import structure
from migrant_fp.domain.form import NOT_PREGNANT, RegistrationForm
from migrant_fp.domain.form_gaps import gaps
from migrant_fp.domain.form_items import Births, Contraception, Education, Marriage
from migrant_fp.domain.person import CERTIFICATE_18_49, Sex, Stay, check_digit
from migrant_fp.regulations.changzhou_divisions import DIVISIONS
from migrant_fp.regulations.changzhou_form import BASIC, EIGHT_INFERRED, SETTINGS

TODAY = date(2011, 6, 30)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_BASIC = tuple(item.name for item in BASIC)
_EIGHT = tuple(item.name for item in EIGHT_INFERRED)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Form(BaseModel):
    """The form as a pydantic model, with the same checks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    registered: date
    name: str = ""
    sex: Sex | None = None
    born: date | None = None
    identity: str = ""
    household: str = ""
    residence: str = ""
    address: str = ""
    phone: str = ""
    arrived: date | None = None
    stay: Stay | None = None
    education: Education | None = None
    employer: str = ""
    marriage: Marriage | None = None
    with_spouse: bool | None = Field(default=None, strict=True)
    births: Births | None = None
    children: int | None = Field(default=None, strict=True)
    contraception_used: bool | None = Field(default=None, strict=True)
    contraception: Contraception | None = None
    pregnancy: str = ""
    certificate_held: bool | None = Field(default=None, strict=True)
    own: dict[str, str] = Field(default_factory=dict)
    _gaps: list[tuple[str, str]] = PrivateAttr(default_factory=list)

    def model_post_init(self, _: Any, /) -> None:  # noqa: ANN401 - pydantic's signature
        """Collect the gaps."""
        found = self._gaps
        asked = (
            self.sex is Sex.FEMALE
            and self.born is not None
            and CERTIFICATE_18_49.includes(self.born, self.registered)
            and self._floats()
        )
        found += [(name, "missing") for name in _BASIC if getattr(self, name) in {None, ""}]
        if asked:
            found += [(name, "missing") for name in _EIGHT if getattr(self, name) in {None, ""}]
        elif (
            self.sex is not None and self.born is not None and self.household and self.residence and self.stay
        ):
            found += [(name, "unexpected") for name in _EIGHT if getattr(self, name) not in {None, ""}]
        found += self._rules()
        found += self._identity()

    def _rules(self) -> list[tuple[str, str]]:
        method = self.contraception is not None and self.contraception.is_method
        month = bool(_MONTH.fullmatch(self.pregnancy))
        checks = (
            ("registered", "registered-later", self.registered > TODAY),
            ("arrived", "arrived-later", self.arrived is not None and self.arrived > self.registered),
            ("born", "born-later", self.born is not None and self.born > (self.arrived or self.registered)),
            ("children", "contradicts", self.children is not None and self.children < 0),
            (
                "contraception",
                "contradicts",
                self.contraception_used is True
                and self.contraception in {Contraception.NONE, Contraception.NOT_APPLICABLE},
            ),
            ("contraception", "contradicts", self.contraception_used is False and method),
            (
                "with_spouse",
                "contradicts",
                self.marriage is Marriage.SINGLE and self.with_spouse is True,
            ),
            ("pregnancy", "contradicts", self.pregnancy not in {"", NOT_PREGNANT} and not month),
            ("pregnancy", "contradicts", month and self.pregnancy > f"{self.registered:%Y-%m}"),
        )
        found = [(item, code) for item, code, broken in checks if broken]
        return found + [
            (name, "division-code")
            for name in ("household", "residence")
            if getattr(self, name) and self._place(getattr(self, name)) is None
        ]

    def _floats(self) -> bool:
        home, here = self._place(self.household), self._place(self.residence)
        if home is None or here is None or home == here or self.stay not in {Stay.WORK, Stay.LIVING}:
            return False
        return not (home[1:] == here[1:] and home[1])

    def _place(self, code: str) -> tuple[str, bool, str] | None:
        if not re.fullmatch(r"\d{6}", code, re.ASCII):
            return None
        rows = [row for row in DIVISIONS.rows if row.code == code]
        if not rows:
            return code, 1 <= int(code[4:]) <= 20, code[:4]  # noqa: PLR2004 - districts are numbered so
        row = next((row for row in rows if row.stands(self.registered)), None)
        return None if row is None else (row.code, row.is_city_district, row.prefecture)

    def _identity(self) -> list[tuple[str, str]]:
        text = self.identity
        if not text:
            return []
        wrong = [("identity", "identity-number")]
        if not re.fullmatch(r"\d{17}[\dX]", text, re.ASCII):
            return wrong
        try:
            born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
        except ValueError:
            return wrong
        check = "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, text, strict=False)) % 11]
        if check != text[17]:
            return wrong
        found = []
        if self.born is not None and born != self.born:
            found.append(("born", "born-differs"))
        sex = Sex.MALE if int(text[16]) % 2 else Sex.FEMALE
        if self.sex in {Sex.MALE, Sex.FEMALE} and sex is not self.sex:
            found.append(("sex", "sex-differs"))
        return found


def forms(count: int) -> list[dict[str, Any]]:
    """Return invented forms as parsed JSON, one in ten with gaps."""
    made = []
    for n in range(count):
        born = date(1970 + n % 20, 1 + n % 12, 1 + n % 28)
        first_17 = f"999999{born:%Y%m%d}{n % 500 * 2:03}"
        form = {
            "id": f"F-{n}",
            "registered": "2011-06-01",
            "name": "示例甲",
            "sex": "2",
            "born": born.isoformat(),
            "identity": first_17 + check_digit(first_17),
            "household": "341221",
            "residence": "320404",
            "address": f"示例路{n}号",
            "phone": "00000000000",
            "arrived": "2011-05-20",
            "stay": "work",
            "marriage": "20",
            "with_spouse": True,
            "births": "some",
            "children": 1 + n % 3,
            "contraception_used": True,
            "contraception": "condom",
            "pregnancy": "none",
            "certificate_held": True,
        }
        if not n % 10:
            form |= {"children": -1, "contraception": "none", "name": ""}
            del form["certificate_held"]
        made.append(form)
    return made


def ours(given: list[dict[str, Any]]) -> list[list[tuple[str, str]]]:
    """Structure with cattrs, and check."""
    return [
        [(gap.item, gap.code) for gap in gaps(structure(raw, RegistrationForm, "form"), SETTINGS, TODAY)]
        for raw in given
    ]


def theirs(given: list[dict[str, Any]]) -> list[list[tuple[str, str]]]:
    """Validate with pydantic."""
    return [Form.model_validate(raw)._gaps for raw in given]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=100_000)
    given = forms(parser.parse_args().forms)
    if ours(given[:1000]) != theirs(given[:1000]):
        raise SystemExit("the two do not find the same gaps")
    taken: dict[str, float] = {"cattrs": float("inf"), "pydantic 2": float("inf")}
    for _ in range(3):
        for name, act in (("cattrs", ours), ("pydantic 2", theirs)):
            start = time.perf_counter()
            found = act(given)
            taken[name] = min(taken[name], time.perf_counter() - start)
            if sum(map(bool, found)) != len(range(0, len(given), 10)):
                raise SystemExit(f"{name} does not find the gaps that were made")
    print(f"{len(given):,} forms, structured, checked, all gaps; the best of three")
    for name, seconds in taken.items():
        print(f"{name:<12}{seconds:8.2f} s{len(given) / seconds:12,.0f} forms/s")
    print(f"ratio {taken['cattrs'] / taken['pydantic 2']:.2f} (at most 1.5)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
