"""`migrant-fp exchange`, as two offices type it. Everybody in it is invented."""

import csv
import json
import os
import pty
import re
import shutil
import stat
import subprocess
import sys
import termios
import unicodedata
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from stdnum.cn import ric

from migrant_fp.adapters.duckdb import DuckDbReconciler
from migrant_fp.adapters.ledger import SqliteLedger
from migrant_fp.adapters.merge import MergeReconciler
from migrant_fp.adapters.package import read_package
from migrant_fp.cli import main

MONTH = "2012-03"
POLICE, PLANNING = "public_security/district/320411", "family_planning/district/320411"
STATISTICS = f"{MONTH}.statistics.public-security.district.320411.to.family-planning.district.320411.r1"
CASES = f"{MONTH}.cases.public-security.district.320411.to.family-planning.district.320411.r1"
THEIR_CASES = f"{MONTH}.cases.family-planning.district.320411.to.public-security.district.320411.r1"
COMMANDS = (
    "new",
    "build",
    "verify",
    "inspect",
    "send",
    "receive",
    "applied",
    "expire",
    "status",
    "reconcile",
)
HEAD = ("identity", "name", "born", "sex", "household", "residence", "stay", "address")
#: Each stands for something of a person, or for a secret, and is found nowhere else.
CANARIES = ("金丝雀", "99999919", "1985-03-", "341298", "320411077", "CANARYSECRET")


def _number(place: int) -> str:
    body = f"99999919850301{place:03}"
    return body + ric.calc_check_digit(f"{body}0")


def _cases(people: int = 8) -> list[list[str]]:
    return [
        [
            _number(n),
            f"金丝雀{n}",
            f"1985-03-{n + 1:02}",
            "2",
            "341298",
            "320411077",
            "work",
            f"金丝雀路{n}号",
        ]
        for n in range(people)
    ]


def _csv(
    path: Path, rows: list[list[str]], head: tuple[str, ...] = HEAD, encoding: str = "utf-8-sig"
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([[*head], *rows])
    return path


def _write_keys(folder: Path, name: str) -> None:
    for use, key in (("sign", Ed25519PrivateKey.generate()), ("open", X25519PrivateKey.generate())):
        private = key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
        public = key.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
        (folder / f"{use}.pem").write_bytes(private)
        (folder.parent / f"{name}.{use}.pub.pem").write_bytes(public)


def _settings(me: str, other: str, other_name: str, box: Path) -> str:
    return f"""
agency = "{me}"
channel = "{box}"
[sign]
id = "{me}"
file = "sign.pem"
[open]
id = "{me}"
file = "open.pem"
[[trust]]
id = "{other}"
file = "../{other_name}.sign.pub.pem"
[[seal]]
id = "{other}"
file = "../{other_name}.open.pub.pem"
[[named]]
agency = "{me}"
staff = "S-1"
since = 2011-06-01
"""


@attrs.frozen
class Place:
    """Two offices, one box, their files, and what a command says."""

    home: Path
    _capsys: pytest.CaptureFixture[str]

    @property
    def police(self) -> Path:
        return self.home / "police"

    @property
    def planning(self) -> Path:
        return self.home / "planning"

    @property
    def settings(self) -> Path:
        return self.police / "office.toml"

    def run(self, *arguments: str | Path) -> tuple[int, str, str]:
        try:
            code = main(["exchange", *map(str, arguments)])
        except SystemExit as left:
            code = int(str(left.code))
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def ok(self, *arguments: str | Path) -> Any:
        code, out, err = self.run(*arguments, "--format", "json")
        assert (code, err) == (0, "")
        return json.loads(out)

    def refused(self, *arguments: str | Path) -> str:
        code, out, err = self.run(*arguments)
        assert (code, out) == (2, "")
        assert "Traceback" not in err
        return err

    def build(
        self, *more: str | Path, office: str = "police", to: str = "family_planning"
    ) -> list[str | Path]:
        return ["build", "--office", self.home / office, "--to", to, "--month", MONTH, *more]

    def cases(
        self, source: Path, *more: str | Path, office: str = "police", to: str = "family_planning"
    ) -> list[str | Path]:
        kind = (
            "--kind",
            "cases",
            "--from",
            source,
            "--join-key",
            self.home / "join.key",
            "--join-label",
            "a",
        )
        return self.build(*kind, "--basis", self.home / "basis.json", *more, office=office, to=to)

    def made(self, package: str, office: str = "police") -> Path:
        """Return where a package lies that an office made."""
        [found] = (self.home / office).glob(f"made/*/{package}")
        return found

    def exchanged_cases(self, theirs: list[list[str]]) -> tuple[Path, Path]:
        """Hand over cases both ways, and return what planning got and what it made."""
        self.ok(*self.cases(_csv(self.home / "a.csv", _cases())))
        self.ok(*self.cases(_csv(self.home / "b.csv", theirs), office="planning", to="public_security"))
        for command in ("send", "receive", "receive"):
            for office in (self.police, self.planning):
                self.ok(command, "--office", office)
        [came] = self.planning.glob(f"taken/*/{CASES}")
        return came, self.made(THEIR_CASES, "planning")


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    box, found = tmp_path / "box", Place(tmp_path, capsys)
    box.mkdir()
    pairs = (("police", POLICE, "planning", PLANNING), ("planning", PLANNING, "police", POLICE))
    for name, me, other_name, other in pairs:
        (tmp_path / name).mkdir()
        _write_keys(tmp_path / name, name)
        (tmp_path / name / "office.toml").write_text(_settings(me, other, other_name, box), encoding="utf-8")
    (tmp_path / "join.key").write_bytes(b"CANARYSECRET" * 3)
    until = date.today() + timedelta(400)
    basis = {
        "title": "示例市办法",
        "number": "示例〔1〕号",
        "since": "2011-01-01",
        "until": str(until),
        "source": "示例",
    }
    (tmp_path / "basis.json").write_text(json.dumps(basis), encoding="utf-8")
    people = [["320411001", "1", "1985-03-01", "work"]] * 20 + [
        ["320411002", "2", "1960-01-31", "living"]
    ] * 30
    _csv(tmp_path / "people.csv", people, ("division", "sex", "born", "stay"))
    return found


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _leaks(text: str) -> list[str]:
    return [one for one in (*CANARIES, *(row[0] for row in _cases())) if one in text]


# The month of two offices


def test_a_month_is_built_sent_received_and_answered(place: Place) -> None:
    [made] = place.ok(*place.build("--from", place.home / "people.csv"))["packages"]
    [sent] = place.ok("send", "--office", place.police)["packages"]
    [came] = place.ok("receive", "--office", place.planning)["came"]
    [told] = place.ok("receive", "--office", place.police)["answered"]
    place.ok("applied", "--office", place.planning, STATISTICS, "--rows", "85")
    [done] = place.ok("receive", "--office", place.police)["answered"]

    assert {one["package"] for one in (made, sent, came, told, done)} == {STATISTICS}
    states = [one["state"] for one in (made, sent, came, told, done)]
    assert states == ["made", "sent", "accepted", "accepted", "applied"]
    assert (made["due"], told["late"], came["digest"]) == ("2012-03-05", True, made["digest"])


def test_each_command_can_be_run_again(place: Place) -> None:
    place.ok(*place.build("--from", place.home / "people.csv"))
    for command, office in (("send", place.police), ("receive", place.planning), ("receive", place.police)):
        assert place.run(command, "--office", office)[0] == 0
        code, again, _ = place.run(command, "--office", office)
        assert (code, again) == (
            0,
            "没有待发送的数据包\n" if command == "send" else "没有新到的数据包或回执\n",
        )


def test_the_exchange_of_a_month_before_the_document_is_not_built(place: Place) -> None:
    # Its deadline, 5 May 2011, lies before the day of the document, 18 May 2011.
    build = ["build", "--to", "family_planning", "--from", str(place.home / "people.csv"), "--office"]
    build.append(str(place.police))

    assert "on 2011-05-05 its duties did not exist" in place.refused(*build, "--month", "2011-05")
    place.ok(*build, "--month", "2011-06")


def test_a_sender_whose_signature_was_not_proven_exits_with_1_and_sees_why(place: Place) -> None:
    _write_keys(place.police, "other")  # the key that planning trusts stays the one before
    place.ok(*place.build("--from", place.home / "people.csv"))
    place.ok("send", "--office", place.police)
    place.run("receive", "--office", place.planning)
    code, out, _ = place.run("receive", "--office", place.police, "--format", "json")
    [told] = json.loads(out)["answered"]

    assert code == 1
    assert (told["package"], told["state"], told["reason"]) == (STATISTICS, "returned", "unproven")


def test_what_is_gone_is_not_sent_and_send_exits_with_1(place: Place) -> None:
    place.ok(*place.build("--from", place.home / "people.csv"))
    shutil.rmtree(place.made(STATISTICS))
    code, out, _ = place.run("send", "--office", place.police, "--format", "json")

    assert (code, [one["state"] for one in json.loads(out)["packages"]]) == (1, ["expired"])


def test_a_name_in_the_box_that_is_no_id_of_a_package_is_not_printed(place: Place) -> None:
    place.ok(*place.build("--from", place.home / "people.csv"))
    place.ok("send", "--office", place.police)
    [sent] = place.home.glob(f"box/*/{STATISTICS}")
    sent.rename(sent.parent / "999999198503010020")
    code, out, err = place.run("receive", "--office", place.planning)

    assert code == 1
    assert "***" in out
    assert "999999198503010020" not in out + err


def test_what_came_after_the_deadline_is_said_as_a_fact_and_not_as_a_judgement(place: Place) -> None:
    place.ok(*place.build("--from", place.home / "people.csv"))
    place.ok("send", "--office", place.police)
    _, out, _ = place.run("receive", "--office", place.planning)

    assert "晚于截止日：是" in out
    assert "逾期" not in out


def test_what_no_receipt_came_for_is_sent_again_and_taken_once(place: Place) -> None:
    place.ok(*place.build("--from", place.home / "people.csv"))
    place.ok("send", "--office", place.police)
    place.ok("receive", "--office", place.planning)
    [again] = place.ok("send", "--office", place.police, "--unanswered")["packages"]

    assert again["package"] == STATISTICS
    assert len([*place.planning.glob(f"taken/*/{STATISTICS}")]) == 1


def test_the_status_is_a_finding_while_something_is_owed(place: Place) -> None:
    code, out, _ = place.run("status", "--office", place.police, "--month", MONTH, "--format", "json")
    found = json.loads(out)

    assert code == 1
    assert len(found["hand_overs"]) == 4
    assert {one["timeliness"] for one in found["hand_overs"]} == {"missing"}
    mine = [one for one in found["findings"] if one["code"] == "hand-over-missing" and one["through"]]
    assert {(one["clause"], one["through"], one["due"]) for one in mine} == {("二(二)", "S-1", "2012-03-05")}


def test_the_status_says_that_its_law_has_ended_before_anything_else(place: Place) -> None:
    _, out, _ = place.run("status", "--office", place.police, "--month", MONTH)

    assert out.startswith("依据：《流动人口计划生育工作条例》2009-10-01施行，2021年9月废止")


def test_a_month_of_a_year_to_come_needs_its_notice_which_can_be_given(place: Place) -> None:
    # Invented: nobody knows the notice for 2049.
    notice = {"year": 2049, "issued": "2048-11-05", "days_off": [{"date": "2049-01-01", "festival": "元旦"}]}
    file = place.home / "2049.json"
    file.write_text(
        json.dumps({"schema": "migrant-fp/holiday-notices/1", "notices": [notice]}), encoding="utf-8"
    )
    asked = ["status", "--office", place.police, "--month", "2049-03"]

    assert "2049" in place.refused(*asked)
    assert place.run(*asked, "--notices", file)[0] == 1


def test_a_receiver_that_refuses_a_package_exits_with_1_and_says_every_flaw(place: Place) -> None:
    place.ok(*place.build("--from", place.home / "people.csv"))
    place.ok("send", "--office", place.police)
    [counts] = place.home.glob("box/*/*/data/counts.csv")
    counts.write_bytes(counts.read_bytes()[:-1])
    code, out, _ = place.run("receive", "--office", place.planning)

    assert code == 1
    assert "不予接受" in out
    assert "data/counts.csv [digest]" in out


_PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "hand-over-a-month.md"


@pytest.mark.skipif(not shutil.which("openssl"), reason="the openssl program is not installed")
def test_the_page_that_says_how_can_be_followed_line_by_line(tmp_path: Path) -> None:
    text = (
        _PAGE.read_text(encoding="utf-8")
        .replace("2027-12-31", "2999-12-31")
        .replace("2026-01-01", "2011-06-01")
    )
    blocks = re.findall(r"```(\w+)\n(.*?)```", text, re.DOTALL)
    files = {kind: [block for name, block in blocks if name == kind] for kind in ("csv", "json", "toml")}
    for name, content in zip(("people.csv", "cases.csv"), files["csv"], strict=True):
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "basis.json").write_text(files["json"][0], encoding="utf-8")
    [police] = files["toml"]
    police = police.replace("/srv/exchange", str(tmp_path / "exchange"))
    swaps = (("public_security", "X"), ("family_planning", "public_security"), ("X", "family_planning"))
    planning = police
    for old, new in (*swaps, ("../planning", "../police")):
        planning = planning.replace(old, new)
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    codes = []
    for number, command in enumerate(block for kind, block in blocks if kind == "bash"):
        done = subprocess.run(
            ["bash", "-ec", command],
            cwd=tmp_path,
            env={**os.environ, "PATH": programs},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        codes.append(done.returncode)
        assert "Traceback" not in done.stderr, command
        assert done.returncode in {0, 1}, done.stderr
        if number == 1:
            (tmp_path / "police" / "office.toml").write_text(police, encoding="utf-8")
            (tmp_path / "planning" / "office.toml").write_text(planning, encoding="utf-8")

    assert codes == [0, 0, 1, 0, 0, 0, 0, 0, 0]  # the status: planning has handed nothing over yet


# What is printed


def test_the_table_holds_what_json_holds(place: Place) -> None:
    place.ok(*place.build("--from", place.home / "people.csv"))
    made = place.made(STATISTICS)
    [row] = place.ok("inspect", made)["packages"]
    _, table, _ = place.run("inspect", made)

    for name in ("package", "sender", "receiver", "period", "as_of", "due", "rows", "digest", "conclusion"):
        assert str(row[name]) in table
    assert (row["kind"], "统计数据" in table) == ("statistics", True)


def test_no_line_is_wider_than_100_columns(place: Place) -> None:
    came, made = place.exchanged_cases(_cases(9))
    commands: list[list[str | Path]] = [
        ["status", "--office", place.police, "--month", MONTH, "--contents", "cases", "changes"],
        ["inspect", came],
        ["verify", made, "--office", place.planning],
        ["reconcile", came, made, "--office", place.planning],
        ["expire", "--office", place.planning],
        place.build("--from", place.home / "people.csv"),
        ["send", "--office", place.police],
        ["receive", "--office", place.planning],
    ]
    lines = [line for command in commands for line in place.run(*command)[1].splitlines()]

    assert len(lines) > 60
    assert [line for line in lines if _width(line) > 100] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_speak_json(command: str, place: Place) -> None:
    assert "--format {table,json}" in place.run(command, "--help")[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_each_of_its_arguments_has_help_in_chinese(command: str, place: Place) -> None:
    code, out, _ = place.run(command, "--help")
    head, _, options = out.partition("options:")
    entries = re.split(r"\n  (?=\S)", options)[2:]

    assert code == 0
    assert re.search("[一-鿿]", head)
    assert [one for one in entries if not re.search("[一-鿿]", one)] == []


def test_the_list_of_commands_says_in_chinese_what_each_is_for(place: Place) -> None:
    _, out, _ = place.run("--help")

    for command in COMMANDS:
        assert re.search(rf"    {command}\s+[一-鿿]", out)


@pytest.mark.parametrize("columns", [100, 0])
def test_progress_is_shown_on_a_terminal_and_nowhere_else(place: Place, columns: int) -> None:
    place.ok(*place.build("--from", place.home / "people.csv"))
    command = [
        sys.executable,
        "-m",
        "migrant_fp",
        "exchange",
        "inspect",
        str(place.made(STATISTICS)),
    ]
    command[4:5] = ["verify", "--office", str(place.planning)]
    if not columns:
        done = subprocess.run(command, capture_output=True, check=True)
        assert done.stderr == b""
        return
    terminal, side = pty.openpty()
    termios.tcsetwinsize(side, (24, columns))
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=side, check=True)
    shown = os.read(terminal, 65536).decode()

    assert "核验" in shown
    assert "核验" not in done.stdout.decode()


# What cannot be used


def _hidden(place: Place) -> dict[str, list[str | Path]]:
    home = place.home
    made = place.build("--from", home / "people.csv")
    return {
        "No such file": place.build("--from", home / "nowhere.csv"),
        "Is a directory": place.build("--from", place.police),
        "exchange new": ["send", "--office", home / "nowhere"],
        "Not a directory": ["send", "--office", home / "people.csv"],
        "expected another party": [*made[:4], "public_security", *made[5:]],
        "expected a month such as": ["status", "--office", place.police, "--month", "2012-13"],
        "was issued on 2011-05-18": ["status", "--office", place.police, "--month", "2011-04"],
        "--notices": ["status", "--office", place.police, "--month", "2050-04"],
        "expected 3 or more": [*made, "--threshold", "2"],
        "应为0或正整数": [*made, "--threshold", "-1"],
        "is no encoding of text": [*made, "--encoding", "hex"],
        "--with-identity: is for cases": [*made, "--with-identity"],
        "--join-label: is missing": place.build("--kind", "cases", "--from", home / "people.csv"),
        "无法律依据": place.build("--kind", "cases", "--from", home / "people.csv", "--join-label", "a"),
        "is for a delta": place.cases(home / "people.csv", "--deleted", home / "people.csv"),
        "a delta changes what came before": place.cases(_csv(home / "a.csv", _cases()), "--delta"),
        "expected a last day of keeping": place.cases(home / "a.csv", "--retain-until", "2012-01-01"),
        "应为日期": place.cases(home / "a.csv", "--retain-until", "soon"),
        "no package nothing is accepted": ["applied", "--office", place.planning, "nothing"],
        "is there already": ["new", place.police, "--agency", POLICE, "--channel", "x"],
        "机构编号": ["new", home / "z", "--agency", "police", "--channel", "x"],
        "nowhere": ["verify", home / "nowhere"],
    }


def test_each_wrong_command_exits_with_2_and_says_what_was_expected(place: Place) -> None:
    for expected, command in _hidden(place).items():
        assert expected in place.refused(*command), expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('agency = "public', 'agency = "x" public', "is no TOML"),
        (
            'agency = "public_security/district/320411"\nchannel',
            "agency = 5\nchannel",
            "came 5, expected text",
        ),
        ("channel =", "channle =", "'channle' is unknown"),
        (f'agency = "{POLICE}"\nchannel', 'agency = "police"\nchannel', "agency: expected"),
        (f'[sign]\nid = "{POLICE}', f'[sign]\nid = "{PLANNING}', f"sign.id: expected {POLICE}"),
        (f'[open]\nid = "{POLICE}', f'[open]\nid = "{PLANNING}', f"open.id: expected {POLICE}"),
        (f'[[trust]]\nid = "{PLANNING}', '[[trust]]\nid = "planning', "trust[0].id: expected"),
        ("[[trust]]", "[trust]", "expected a list"),
        ("[sign]", "[[sign]]", "expected an object"),
        ("sign.pem", "none.pem", "none.pem：No such file"),
        ("sign.pem", "../box", "Is a directory"),
        ("sign.pem", "open.pem", "expected an Ed25519 private key"),
        ("open.pem", "sign.pem", "expected an X25519 private key"),
        ("planning.sign.pub.pem", "planning.open.pub.pem", "expected an Ed25519 public key"),
        ("planning.open.pub.pem", "planning.sign.pub.pem", "expected an X25519 public key"),
        ("sign.pem", "a\\u0000b", "sign.file: is no name of a file"),
        ("since = 2011-06-01", 'since = "soon"', "named[0].since: came 'soon'"),
        ("since = 2011-06-01", "since = 2011-06-01\nuntil = 2011-01-01", "named[0].until: lies before"),
        ('staff = "S-1"', 'staff = "金丝雀"', "named[0].staff: expected the record id"),
        ("channel = ", 'channel = "memory://x"\nunsigned = true # ', "which ends with the command"),
    ],
)
def test_an_office_file_that_is_wrong_is_told_where(old: str, new: str, expected: str, place: Place) -> None:
    text = place.settings.read_text(encoding="utf-8")
    assert old in text
    place.settings.write_text(text.replace(old, new, 1), encoding="utf-8")
    said = place.refused("receive", "--office", place.police)

    assert expected in said
    assert _leaks(said) == []


def test_a_ledger_that_is_none_is_told_and_left_alone(place: Place) -> None:
    (place.police / "ledger.db").write_text("no ledger, " * 100)

    assert "ledger.db" in place.refused("send", "--office", place.police)
    assert (place.police / "ledger.db").read_text() == "no ledger, " * 100


def test_a_channel_that_cannot_be_reached_loses_nothing(place: Place) -> None:
    place.ok(*place.build("--from", place.home / "people.csv"))
    (place.home / "box").rmdir()

    assert "无法访问传输通道" in place.refused("send", "--office", place.police)
    (place.home / "box").mkdir()
    assert place.ok("send", "--office", place.police)["packages"][0]["state"] == "sent"


@pytest.mark.parametrize("made", ["a folder", "a text", "a zip of something else", "a zip that is cut off"])
def test_what_is_no_package_is_refused_with_exit_code_1(made: str, place: Place) -> None:
    path = place.home / "came"
    if made == "a folder":
        path.mkdir()
    elif made == "a text":
        path.write_text("金丝雀")
    else:
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("金丝雀.txt", "金丝雀" * 100)
    if made.endswith("off"):
        path.write_bytes(path.read_bytes()[:-30])
    for command in ("verify", "inspect"):
        code, out, err = place.run(command, path)
        assert (code, err) == (1, "")
        assert "不予接受" in out
        assert _leaks(out) == []


@pytest.mark.parametrize(
    ("package", "command"),
    [
        ("fsspec", ("send", "--office", "police")),
        ("cryptography", ("send", "--office", "police")),
        ("duckdb", ("reconcile", "A", "B", "--office", "planning", "--engine", "duckdb")),
    ],
)
def test_a_package_that_is_not_installed_is_named_with_its_extra(
    package: str, command: tuple[str, ...], place: Place
) -> None:
    came, made = place.exchanged_cases(_cases())
    (place.home / "away" / package).mkdir(parents=True)
    (place.home / "away" / package / "__init__.py").write_text("raise ImportError")
    paths = {"A": str(came), "B": str(made)}
    done = subprocess.run(
        [sys.executable, "-m", "migrant_fp", "exchange", *(paths.get(one, one) for one in command)],
        cwd=place.home,
        env={**os.environ, "PYTHONPATH": str(place.home / "away")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.startswith(f"migrant-fp: the package {package} is missing: pip install 'migrant-fp[")


# Files of people


def test_every_problem_of_a_file_is_told_with_its_line_and_no_value(place: Place) -> None:
    rows = [[row[0][:-1] + "Q", row[1], "1985-03-99", *row[3:]] for row in _cases(20)]
    said = place.refused(*place.cases(_csv(place.home / "a.csv", rows)))

    assert set(re.findall(r"line (\d+), identity", said)) == {str(line) for line in range(2, 22)}
    assert set(re.findall(r"line (\d+), born", said)) == {str(line) for line in range(2, 22)}
    assert _leaks(said) == []


def test_a_file_that_excel_saved_in_a_chinese_windows_is_read_when_its_encoding_is_said(place: Place) -> None:
    file = _csv(place.home / "a.csv", _cases(), encoding="gb18030")

    assert "gb18030" in place.refused(*place.cases(file))
    assert place.ok(*place.cases(file, "--encoding", "gb18030"))["packages"]


def test_the_identity_number_stays_behind_unless_it_is_asked_for(place: Place) -> None:
    text = place.settings.read_text(encoding="utf-8")
    place.settings.write_text(
        text.replace("[[seal]]", "[[named]] # ").split("[[named]] # ")[0], encoding="utf-8"
    )
    source = _csv(place.home / "a.csv", _cases())
    _, _, warned = place.run(*place.cases(source))
    place.run(*place.cases(source, "--correct", "--with-identity"))
    without, held = (
        [row["identity"] for row in read_package(place.made(name), unsigned=True).rows("cases")]
        for name in (CASES, CASES.replace(".r1", ".r2"))
    )

    assert "未加密" in warned
    assert set(without) == {""}
    assert sorted(held) == sorted(row[0] for row in _cases())


def test_cases_are_sealed_where_a_key_of_the_receiver_is_entered(place: Place) -> None:
    [made] = place.ok(*place.cases(_csv(place.home / "a.csv", _cases())))["packages"]

    assert made["sealed"] == "x25519-aes256gcm"
    for file in (place.made(CASES) / "data").iterdir():
        assert _leaks(file.read_bytes().decode("latin-1")) == []


def test_an_office_without_a_signature_key_is_told_that_its_package_is_unsigned(place: Place) -> None:
    place.settings.write_text(f'agency = "{POLICE}"\nchannel = "{place.home / "box"}"\n', encoding="utf-8")
    code, _, err = place.run(*place.build("--from", place.home / "people.csv"))

    assert (code, "未签名" in err) == (0, True)


def test_an_empty_file_makes_an_empty_package_and_a_warning(place: Place) -> None:
    code, _, err = place.run(*place.cases(_csv(place.home / "a.csv", [])))

    assert (code, "是空的" in err) == (0, True)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"since": None}, "since: is missing"),
        ({"until": "2015-01-01"}, "无法律依据"),
        ({"since": "2999-01-01", "until": None}, "in force from 2999-01-01"),
        ({"until": "2010-01-01"}, "lies before 2011-01-01"),
        ({"title": ""}, "title: is empty"),
        ({"lawyer": "金丝雀"}, "the key 'lawyer' is unknown"),
    ],
)
def test_a_law_that_does_not_carry_it_is_refused(
    change: dict[str, str | None], expected: str, place: Place
) -> None:
    path = place.home / "basis.json"
    law = {**json.loads(path.read_text(encoding="utf-8")), **change}
    path.write_text(
        json.dumps({k: v for k, v in law.items() if v is not None or k == "until"}), encoding="utf-8"
    )

    assert expected in place.refused(*place.cases(_csv(place.home / "a.csv", _cases())))


def test_a_weak_join_key_and_an_odd_label_are_told_together(place: Place) -> None:
    (place.home / "join.key").write_bytes(b"CANARYSECRET")
    command = place.cases(_csv(place.home / "a.csv", _cases()))
    command[command.index("a")] = "A B!"
    said = place.refused(*command)

    assert "secret: came 12 bytes" in said
    assert "label: expected" in said
    assert _leaks(said) == []


def test_a_month_is_made_once_and_corrected_when_that_is_said(place: Place) -> None:
    made = place.build("--from", place.home / "people.csv")
    place.ok(*made)

    assert "is made already" in place.refused(*made)
    [again] = place.ok(*made, "--correct")["packages"]
    assert again["package"] == STATISTICS.replace(".r1", ".r2")


def test_a_delta_with_deletions_follows_a_snapshot(place: Place) -> None:
    place.ok(*place.cases(_csv(place.home / "a.csv", _cases())))
    gone = _csv(place.home / "gone.csv", [[_number(0), "left"]], ("identity", "reason"))
    [made] = place.ok(
        *place.cases(_csv(place.home / "b.csv", _cases()[3:4]), "--delta", "--deleted", gone, "--correct")
    )["packages"]
    [row] = place.ok("inspect", place.made(made["package"]))["packages"]

    assert (row["action"], row["rows"]) == ("delta", 2)


def test_a_zip_is_made_for_a_disc(place: Place) -> None:
    place.ok(*place.build("--from", place.home / "people.csv", "--zip", place.home / "disc"))
    [row] = place.ok("verify", place.home / "disc" / f"{STATISTICS}.zip", "--office", place.planning)[
        "packages"
    ]

    assert (row["conclusion"], row["signed_by"]) == ("签名有效，内容完整", POLICE)


# Reconciliation


def _theirs() -> list[list[str]]:
    rows = _cases(9)[2:]
    rows[0][3] = "1"
    rows[1][7] = "金丝雀巷"
    return rows


def test_two_hand_overs_are_counted_first_and_shown_without_keys_and_values(place: Place) -> None:
    came, made = place.exchanged_cases(_theirs())
    code, out, err = place.run("reconcile", came, made, "--office", place.planning)

    assert (code, err) == (1, "")
    assert out.splitlines()[3:10] == [
        "甲方行数：8",
        "乙方行数：7",
        "一致：4",
        "仅甲方有：2",
        "仅乙方有：1",
        "不一致：2",
        "不一致项目：address 1，sex 1",
    ]
    assert _leaks(out) == []
    assert re.findall("[0-9a-f]{64}", out) == []


def test_two_hand_overs_that_agree_exit_with_0(place: Place) -> None:
    came, made = place.exchanged_cases(_cases())

    assert place.run("reconcile", came, made, "--office", place.planning)[0] == 0


def test_both_engines_say_the_same(place: Place) -> None:
    came, made = place.exchanged_cases(_theirs())
    first, second = (
        json.loads(
            place.run(
                "reconcile", came, made, "--office", place.planning, "--engine", name, "--format", "json"
            )[1]
        )
        for name in ("merge", "duckdb")
    )

    assert first == second


def test_what_duckdb_puts_on_the_disk_stays_in_a_private_folder_of_the_office(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    came, made = place.exchanged_cases(_theirs())
    seen: list[tuple[Path, int]] = []
    compare = DuckDbReconciler.compare

    def watched(self: DuckDbReconciler, *given: Any) -> Any:
        assert self.temporary is not None
        seen.append((self.temporary.parent, stat.S_IMODE(self.temporary.stat().st_mode)))
        return compare(self, *given)

    monkeypatch.setattr(DuckDbReconciler, "compare", watched)
    place.run("reconcile", came, made, "--office", place.planning, "--engine", "duckdb")

    assert seen == [(place.planning, 0o700)]


def test_a_hand_over_that_a_correction_replaced_is_not_compared(place: Place) -> None:
    came, made = place.exchanged_cases(_theirs())
    place.ok(*place.cases(place.home / "a.csv", "--correct"))
    place.ok("send", "--office", place.police)
    place.ok("receive", "--office", place.planning)

    said = place.refused("reconcile", came, made, "--office", place.planning)
    assert "a: is revision 1, which revision 2 replaced" in said


def test_the_file_of_differences_is_masked_and_its_owner_alone_can_read_it(place: Place) -> None:
    came, made = place.exchanged_cases(_theirs())
    target = place.home / "out.jsonl"
    _, out, _ = place.run("reconcile", came, made, "--office", place.planning, "--output", target)

    assert f"{target}（已遮盖）" in out
    assert len(target.read_text(encoding="utf-8").splitlines()) == 5
    assert _leaks(target.read_text(encoding="utf-8")) == []
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_named_person_with_a_reason_sees_keys_and_values_and_the_report_says_so(place: Place) -> None:
    came, made = place.exchanged_cases(_theirs())
    target = place.home / "out.jsonl"
    asked = ("reconcile", came, made, "--office", place.planning, "--reveal", "S-1", "--reason", "示例函1号")
    _, out, _ = place.run(*asked, "--output", target)
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]

    assert "查看人：S-1\n理由：示例函1号" in out
    assert "含键与内容，仅本人可读，用后请删除" in out
    assert {"a": "金丝雀路3号", "b": "金丝雀巷"} in [row["fields"].get("address") for row in rows]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (("--reveal", "S-1"), "has no reason"),
        (("--reveal", "S-9", "--reason", "x"), "is no named person"),
        (("--ask",), "expected default=ROLE"),
        (("--authority", "odd"), "names an unknown field"),
        (("--authority", "default=police"), "names an unknown role"),
        (("--authority", "default=coordination", "sex=coordination", "sex=coordination"), "one field twice"),
        (("--engine", "duckdb", "--memory-limit", "much"), "应为容量"),
        (("--output", "nowhere/x"), "nowhere/x：No such file"),
    ],
)
def test_what_may_not_be_asked_of_a_reconciliation_is_refused(
    more: tuple[str, ...], expected: str, place: Place
) -> None:
    came, made = place.exchanged_cases(_theirs())

    assert expected in place.refused("reconcile", came, made, "--office", place.planning, *more)


def test_only_mirrored_hand_overs_of_this_office_are_compared(place: Place) -> None:
    came, made = place.exchanged_cases(_theirs())
    place.ok(*place.build("--from", place.home / "people.csv"))
    compare = ("reconcile", "--office", place.planning)

    assert "handed over to each other" in place.refused(*compare, made, made)
    assert "neither is a hand-over of" in place.refused(*compare, came, came)
    assert "is no snapshot of cases" in place.refused(*compare, place.made(STATISTICS), made)


def test_a_correction_request_is_made_for_the_other_office_and_holds_what_it_is_to_correct(
    place: Place,
) -> None:
    came, made = place.exchanged_cases(_theirs())
    asked = ("reconcile", came, made, "--office", place.planning, "--show", "0", "--format", "json")
    _, out, _ = place.run(*asked, "--ask", "--authority", "default=family_planning")
    request = json.loads(out)["request"]
    place.ok("send", "--office", place.planning)
    [taken] = place.ok("receive", "--office", place.police)["came"]
    [row] = place.ok("inspect", place.made(request, "planning"))["packages"]

    assert (taken["package"], taken["state"]) == (request, "accepted")
    assert (row["kind"], row["rows"]) == ("correction", 3)


def test_no_request_is_made_where_the_other_office_has_nothing_to_correct(place: Place) -> None:
    came, made = place.exchanged_cases(_cases())
    asked = (
        "reconcile",
        came,
        made,
        "--office",
        place.planning,
        "--ask",
        "--authority",
        "default=family_planning",
    )

    assert "没有须由对方更正的" in place.run(*asked)[1]
    assert not [*place.planning.glob("made/*/*correction*")]


# Nothing leaks, nothing is lost


def _interrupted(time: int) -> Callable[[str], AbstractContextManager[Callable[[int], None]]]:
    """Return a progress bar that is interrupted when it is told something for the n-th time."""
    times = count(1)

    def interrupt(_: int) -> None:
        if next(times) == time:
            raise KeyboardInterrupt

    return lambda _: nullcontext(interrupt)


def _files(place: Place) -> set[str]:
    return {str(path.relative_to(place.home)) for path in place.home.rglob("*")}


@pytest.mark.parametrize("time", [1, 2])  # while the office's own copy is written, and while the package is
def test_a_build_that_is_interrupted_leaves_nothing_and_can_be_done_again(
    time: int, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = place.cases(_csv(place.home / "a.csv", _cases()))
    with monkeypatch.context() as patched:
        patched.setattr("migrant_fp.cli.exchange.build.progress_bar", _interrupted(time))
        assert place.run(*command) == (130, "", "")

    assert not [
        path for path in place.police.rglob("*") if {"made", "own"} & {one.name for one in path.parents}
    ]
    with SqliteLedger(place.police / "ledger.db") as ledger:
        assert ledger.dispatches() == ()
    place.ok(*command)


def test_a_receipt_that_was_interrupted_is_finished_by_the_next_run(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.ok(*place.build("--from", place.home / "people.csv"))
    place.ok("send", "--office", place.police)
    with monkeypatch.context() as patched:
        patched.setattr("migrant_fp.cli.exchange.traffic.progress_bar", _interrupted(1))
        assert place.run("receive", "--office", place.planning) == (130, "", "")

    assert place.ok("receive", "--office", place.planning)["came"][0]["state"] == "accepted"


def test_a_reconciliation_that_is_interrupted_or_fails_leaves_no_file(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    came, made = place.exchanged_cases(_theirs())
    before, compare = _files(place), MergeReconciler.compare
    asked = ("reconcile", came, made, "--office", place.planning, "--output", place.home / "out")
    for error, code in ((KeyboardInterrupt(), 130), (OSError(28, "No space left on device"), 2)):

        def failing(self: MergeReconciler, *given: Any, error: BaseException = error) -> None:
            compare(self, *given)
            assert [path for path in place.planning.glob(".reconcile-*/*") if not path.stat().st_mode & 0o77]
            raise error

        with monkeypatch.context() as patched:
            patched.setattr(MergeReconciler, "compare", failing)
            assert place.run(*asked)[0] == code
        assert _files(place) == before


def test_what_a_killed_reconciliation_left_is_removed_and_what_another_uses_stays(place: Place) -> None:
    came, made = place.exchanged_cases(_theirs())
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    left, used = (place.planning / f".reconcile-{process}-x" for process in (gone.pid, os.getppid()))
    for folder in (left, used):
        folder.mkdir()
        (folder / "rows").touch()
    place.run("reconcile", came, made, "--office", place.planning)

    assert (left.exists(), used.exists()) == (False, True)


def test_nothing_of_a_person_or_a_secret_is_printed_or_becomes_the_name_of_a_file(place: Place) -> None:
    came, made = place.exchanged_cases(_theirs())
    twice = _csv(place.home / "twice.csv", [*_cases(), *_cases()])
    no_head = _csv(place.home / "nohead.csv", _cases()[1:], (*_cases()[0],))
    quote = place.home / "quote.csv"
    quote.write_text(",".join(HEAD) + f'\n"{_number(1)},金丝雀\n', encoding="utf-8")
    commands: list[list[str | Path]] = [
        place.cases(twice, "--correct"),
        place.cases(no_head, "--correct"),
        place.cases(quote, "--correct"),
        place.cases(place.home / "a.csv", "--correct", "--with-identity"),
        ["inspect", came, made],
        ["verify", came, made, "--office", place.planning],
        ["verify", came, made],
        [
            "reconcile",
            came,
            made,
            "--office",
            place.planning,
            "--ask",
            "--authority",
            "default=family_planning",
        ],
        ["applied", "--office", place.planning, _number(0)],
        ["applied", "--office", place.planning, CASES],
        ["status", "--office", place.planning, "--month", MONTH, "--contents", "cases"],
        ["expire", "--office", place.planning],
    ]
    said = "".join(text for command in commands for text in place.run(*command)[1:])

    assert "Traceback" not in said
    assert _leaks(said) == []
    assert _leaks(" ".join(_files(place))) == []
    assert not any(place.home.rglob(".*"))


def test_the_ledger_holds_nothing_of_a_person(place: Place) -> None:
    place.exchanged_cases(_theirs())

    for office in (place.police, place.planning):
        assert _leaks((office / "ledger.db").read_bytes().decode("utf-8", "replace")) == []


# The folder of an office, and the start


def test_a_new_office_can_be_read_by_its_owner_alone_and_its_file_is_a_full_example(place: Place) -> None:
    folder = place.home / "new"
    code, out, _ = place.run("new", folder, "--agency", POLICE, "--channel", 'a "b"')
    text = (folder / "office.toml").read_text(encoding="utf-8")
    (folder / "office.toml").write_text(re.sub("(?m)^# (?=[\\[a-z])", "", text), encoding="utf-8")

    assert (code, "已建立" in out) == (0, True)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "open.pem：No such file" in place.refused("send", "--office", folder)


def test_a_plan_of_dates_loads_nothing_that_only_the_exchange_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import migrant_fp.cli"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}

    assert "migrant_fp" in loaded
    assert loaded & {"cattrs", "fsspec", "cryptography", "tqdm", "sqlite3", "duckdb"} == set()


def test_the_exchange_is_among_the_commands_that_help_lists(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    assert re.search(r"exchange\s+信息互换", capsys.readouterr().out)
