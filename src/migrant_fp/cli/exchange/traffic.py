"""`migrant-fp exchange send`, `receive`, `applied` and `status`."""

from __future__ import annotations

import argparse
from datetime import date

from migrant_fp.application.exchange_status import exchange_status
from migrant_fp.application.hand_over import send
from migrant_fp.application.receive import applied, receive
from migrant_fp.application.retention import expire
from migrant_fp.cli.arguments import Commands, calendar_with
from migrant_fp.cli.exchange.office import add_month, add_office, opened_office, progress_bar, whole_number
from migrant_fp.cli.exchange.settings import agencies_for, named_persons, read_settings
from migrant_fp.cli.exchange.shown import (
    Row,
    add_format,
    arrival_row,
    dispatch_row,
    finding_row,
    refused_row,
    say,
)
from migrant_fp.cli.output import write
from migrant_fp.domain.arrival import ArrivalState
from migrant_fp.domain.dispatch import DispatchState
from migrant_fp.domain.exchange import Content, Position
from migrant_fp.domain.receipt import Outcome
from migrant_fp.regulations.changzhou_2011_134 import EXCHANGE_DISTRICT

_FINDINGS = 1
_BASIS = EXCHANGE_DISTRICT.basis
_STANDING = (
    f"依据：《{_BASIS.title}》{_BASIS.since}施行，2021年9月废止（日期据记忆）。\n"
    "以下只按文件推算各方移交情况，不判断是否仍须执行。\n"
)


def add_to(commands: Commands) -> None:
    """Add the commands."""
    sending = commands.add_parser(
        "send", help="发送", description="发送已制作的数据包；可重复执行，不会重复入库"
    )
    add_office(sending)
    sending.add_argument("--unanswered", action="store_true", help="未得回执的也重发")
    add_format(sending)
    sending.set_defaults(run=_send)
    receiving = commands.add_parser(
        "receive", help="接收", description="接收、核验、回执；可重复执行，中断后接着做"
    )
    add_office(receiving)
    add_format(receiving)
    receiving.set_defaults(run=_receive)
    applying = commands.add_parser("applied", help="登记入库", description="本机构系统入库后登记，并回执发方")
    add_office(applying)
    applying.add_argument("package", metavar="PACKAGE", help="包号")
    applying.add_argument("--rows", type=whole_number, default=0, metavar="N", help="入库行数，写入回执")
    add_format(applying)
    applying.set_defaults(run=_applied)
    expiring = commands.add_parser(
        "expire",
        help="删除到期的数据包",
        description="删除保存期已满的数据包（制作的和收到的）；台账只存包号和日期",
    )
    add_office(expiring)
    add_format(expiring)
    expiring.set_defaults(run=_expire)
    status = commands.add_parser("status", help="进展", description="某月各方移交情况与待办事项")
    add_office(status)
    add_month(status)
    status.add_argument(
        "--contents",
        nargs="+",
        choices=[one.value for one in Content],
        default=["statistics"],
        help="约定移交的内容（默认 statistics）",
    )
    add_format(status)
    status.set_defaults(run=_status)


def _send(arguments: argparse.Namespace) -> int:
    with progress_bar("发送") as progress, opened_office(arguments.office, progress) as office:
        sent = send(office, date.today(), unanswered=arguments.unanswered)
    say(arguments, "没有待发送的数据包", packages=map(dispatch_row, sent))
    return _FINDINGS if any(one.state is DispatchState.EXPIRED for one in sent) else 0


def _receive(arguments: argparse.Namespace) -> int:
    with progress_bar("接收") as progress, opened_office(arguments.office, progress) as office:
        took = receive(office, date.today())
    say(
        arguments,
        "没有新到的数据包或回执",
        came=map(arrival_row, took.arrivals),
        answered=map(dispatch_row, took.dispatches),
        refused=map(refused_row, took.refused),
    )
    bad = any(one.state is ArrivalState.REJECTED for one in took.arrivals)
    bad = bad or any(one.rejected for one in took.dispatches)
    return _FINDINGS if bad or took.refused else 0


def _applied(arguments: argparse.Namespace) -> int:
    outcomes = [Outcome("applied", rows=arguments.rows)] if arguments.rows else []
    with progress_bar("登记") as progress, opened_office(arguments.office, progress) as office:
        one = applied(office, arguments.package, outcomes, date.today())
    say(arguments, packages=[arrival_row(one)])
    return 0


def _expire(arguments: argparse.Namespace) -> int:
    with progress_bar("删除") as progress, opened_office(arguments.office, progress) as office:
        gone = expire(office, date.today())
    rows = [{"package": one.package_id, "retain_until": one.retain_until} for one in gone]
    say(arguments, "没有到期的数据包", removed=rows)
    return 0


def _status(arguments: argparse.Namespace) -> int:
    settings, today = read_settings(arguments.office), date.today()
    with progress_bar("查询") as progress, opened_office(arguments.office, progress) as office:
        found = exchange_status(
            office,
            arguments.month,
            today,
            calendar=calendar_with(arguments.notices),
            agencies=agencies_for(office.agency),
            contents=[one for one in Content if one.value in arguments.contents],
            named=named_persons(settings),
        )
    if arguments.format == "table":
        write(_STANDING, None)
    say(
        arguments,
        hand_overs=[_position_row(one, today) for one in found.positions],
        findings=map(finding_row, found.findings),
        held=map(arrival_row, found.held),
    )
    return _FINDINGS if found.findings else 0


def _position_row(one: Position, today: date) -> Row:
    return {
        "hand_over": f"{one.sender.name(today)} → {one.receiver.name(today)}",
        "state": one.hand_over.state,
        "timeliness": one.timeliness,
        "sent": one.hand_over.first_sent,
        "sender_id": one.sender.id,
        "receiver_id": one.receiver.id,
    }
