"""Article 二: the round of October 2011 in 新北, where no working day precedes the 5th.

By default statistics alone are handed over (二(一)), among three parties, each through its named person (二(二)), as electronic
documents (二(三)).

Prints:

    exchange-district/2011-10/320411：6 项移交，原定 2011-10-05
    公安局（分局） -> 人口计生局：截止日前无工作日，不计逾期
    综治委流动人口服务管理办公室 -> 人口计生局：未交
    二(二) 综治委流动人口服务管理办公室 明确专人承办信息互换（coordination/district/320411）
"""

from datetime import date

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.memory import MemoryStore
from migrant_fp.application.exchange import open_round, record_hand_over, round_state
from migrant_fp.domain.agency import Agencies, NamedPerson
from migrant_fp.domain.duty import Level
from migrant_fp.domain.exchange import positions
from migrant_fp.domain.hand_over import HandOverEvent
from migrant_fp.regulations.changzhou_agencies import AGENCIES

calendar, store = working_calendar(), MemoryStore()
police, planning, office = AGENCIES.parties(Level.DISTRICT, "320411")
today = date(2011, 10, 9)

with store.begin() as work:
    for agency in (police, planning):
        work.named_persons.put(NamedPerson(agency.id, "S-1", date(2011, 6, 1)))
    exchange = open_round(work, (police, planning, office), "2011-10", calendar, date(2011, 9, 30))
    print(f"{exchange.id}：{len(exchange.hand_overs)} 项移交，原定 {exchange.nominal}")
    sent = exchange.hand_over(police.id, planning.id).id
    exchange = record_hand_over(work, sent, HandOverEvent.SEND, date(2011, 10, 8))
    for place in positions(exchange, today, calendar):
        if place.receiver is planning:
            print(f"{place.sender.name(today)} -> {place.receiver.name(today)}：{place.timeliness.zh}")
    own = Agencies((police, planning, office))
    print(round_state(work, "2011-10", today, calendar, agencies=own)[0])
    work.commit()
