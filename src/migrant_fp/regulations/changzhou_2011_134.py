"""常公局〔2011〕134号 as values: its data, its clauses verbatim, and its five scheduled duties.

The text is that of the public portal. No official's name is kept.
"""

from __future__ import annotations

from datetime import date

from migrant_fp.domain.clause import Clause, Regulation
from migrant_fp.domain.duty import Duty, Level
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009
from migrant_fp.schedule.convention import Convention
from migrant_fp.schedule.period import MONTH, QUARTER, YEAR
from migrant_fp.schedule.rule import Bound, DayOfPeriod, Rule, TenDays, Whole

_CLAUSES = (
    Clause("一", "一、建立部门联席会议制度"),
    Clause(
        "一(一)",
        "(一)辖市(区)公安局(分局)分管户政(治安)工作的副局长和辖市(区)人口计生局分管流动人口计划生育服务管理工作的副局长为联席会议召集人;辖市(区)公安局(分局)治安大队、辖市(区)人口计生局职能处室、综治委流动人口服务管理办公室负责人及其相关工作人员参加联席会议。",
    ),
    Clause(
        "一(二)",
        "(二)联席会议每季度召开一次,于每季度第一个月的5日召开(遇节假日顺延)。平时确因工作需要,可由辖市(区)公安局(分局)或辖市(区)人口计生局提议,经双方召集人商定后召开。",
        "“遇节假日顺延”未说明节假日是否含周末，解释见 Reading",
    ),
    Clause("一(三)", "(三)联席会议议程和内容包括:"),
    Clause("一(三)1", "1.通报交流各辖市(区)流动人口数量、结构、分布、婚育等情况。"),
    Clause("一(三)2", "2.分析流动人口计划生育服务管理工作中存在的问题和难点,制定相应的对策和措施。"),
    Clause("一(三)3", "3.制定和完善流动人口计划生育服务管理工作的部门协作制度、机制和措施。"),
    Clause("一(三)4", "4.研究部门协作考核和奖惩兑现事项。"),
    Clause("一(三)5", "5.研究其他相关协作事项。"),
    Clause("一(四)", "(四)联席会议商定的事项应以会议纪要的形式,下发基层执行。"),
    Clause("二", "二、建立流动人口信息共享机制"),
    Clause(
        "二(一)",
        "(一)共享信息内容包括:\n本地区流动人口数量、结构、分布等数据情况,流动人口个案和流动人口动态变化信息等。",
    ),
    Clause(
        "二(二)",
        "(二)承办主体和时间要求:\n信息共享以辖市(区)和镇(街道)两级进行。辖市(区)公安局(分局)、综治委流动人口服务管理办公室和辖市(区)人口计生局,镇(街道)派出所、流动人口服务管理中心和镇(街道)计生办分别于每月5日前互换一次流动人口基础数据、个案信息。辖市(区)公安局(分局)治安大队、综治委流动人口服务管理办公室和辖市(区)人口计生局职能处室为具体承办科室。各级各部门均应明确专人承办信息互换事项。",
        "“5日前”未说明是否含本数，且无顺延规定；三方“互换”未说明是否两两互换",
    ),
    Clause("二(三)", "(三)信息共享方式:\n信息共享以电子文档方式传递。"),
    Clause("三", "三、建立流动人口协管员协作例会制度"),
    Clause(
        "三(一)",
        "(一)公安派出所和所在镇(街道)计生办每月上旬召开一次流动人口协管员协作例会。例会由镇(街道)计生办分管流动人口服务管理工作的主任或副主任、流动人口服务管理中心负责人和公安派出所分管副所长共同召集和主持。流动人口协管员、社区负责流动人口计划生育工作的专兼职人员、驻地企业和流动人口计划生育协会的负责人参加例会。例会的具体日期由镇(街道)计生办、流动人口服务管理中心和公安派出所商定。",
        "日期由三方商定，本身是一个时段",
    ),
    Clause("三(二)", "(二)例会内容包括:"),
    Clause(
        "三(二)1",
        "1.流动人口协管员和相应的社区负责人员交流上月辖区内全员流动人口动态变化信息;流入育龄妇女计划生育信息采集情况;流入育龄妇女婚育证明持有、交验、催办、补办等情况和信息。",
    ),
    Clause(
        "三(二)2",
        "2.对流动人口协管员和社区专兼职人员、驻地企业和流动人口计划生育协会负责人的上月工作任务完成情况进行总结和考核。",
    ),
    Clause("三(二)3", "3.根据上级部署及其他工作需要,布置当月工作任务。"),
    Clause(
        "三(二)4", "4.组织协管员、社区专兼职人员、驻地企业和流动人口计划生育协会的负责人进行相关业务培训。"
    ),
    Clause("四", "四、建立流动人口计划生育信息采集机制"),
    Clause("四(一)", "(一)采集信息内容包括:"),
    Clause("四(一)1", "1.流动人口基本情况(以《常州市流动人口信息登记表》项目为准)。"),
    Clause("四(一)2", "2.流入育龄妇女及其结婚、怀孕、生育、避孕节育等计划生育动态变化信息。"),
    Clause("四(一)3", "3.流入育龄妇女婚育证明持有情况或证明补办情况。"),
    Clause("四(一)4", "4.其他相关信息。"),
    Clause(
        "四(二)",
        "(二)流动人口信息由流动人口协管员和社区负责流动人口计划生育工作的专兼职人员结对捆绑,共同采集。企业和流动人口计划生育协会会员应及时提供在本地区、本单位就业的流动人口信息。",
    ),
    Clause(
        "四(三)",
        "(三)流动人口协管员应将《常州市流动人口信息登记表》中计划生育8项内容作为必填项目,准确采集信息,录入社会化采集系统。",
        "所称8项内容的原表未见公开",
    ),
    Clause(
        "四(四)",
        "(四)流动人口协管员应将流入育龄妇女信息提供给社区负责计划生育工作的负责人,填写流入育龄妇女计划生育信息采集卡。",
    ),
    Clause(
        "四(五)",
        "(五)在为育龄妇女办理暂住证时,应查验其是否持有流动人口婚育证明,对未持证明者告知其必须补办;对持有证明者检查其是否到现居住地的镇(街道)计生办交验,对未交验者动员其及时交验证明并采集信息反馈给所在社区。",
    ),
    Clause(
        "四(六)",
        "(六)街道计划生育服务站在为流动人口育龄妇女服务时,应查验其暂住证,对没有办理流动人口暂住证的人员督促其到派出所办理,凭证享受免费服务。",
        "“凭证享受免费服务”与条例第10条不一致：本库从不以证件为提供服务的条件",
    ),
    Clause("五", "五、建立考核奖励制度"),
    Clause(
        "五.1",
        "1.市公安局、市人口计生委和综治委流动人口服务和管理工作领导小组办公室每年联合表彰“百佳流动人口计划生育服务信息采集员",
        "原文缺右引号和句号",
    ),
    Clause(
        "五.2",
        "2.对及时通报流动人口违法生育情况,并经人口计生部门核查,情况属实的,进行奖励。",
        "2021年8月20日修法后失去意义（推断）",
    ),
    Clause(
        "五.3",
        "3.武进、金坛、溧阳三辖市、区公安、人口计生局和流动人口服务和管理工作领导小组办公室参照建立考核奖励制度。",
    ),
)

DOCUMENT = Regulation(
    number="常公局〔2011〕134号",
    title="关于进一步协作加强流动人口计划生育服务管理工作的意见",
    index_number="014109605/2011-00034",
    issuers=("常州市公安局", "常州市人口和计划生育委员会", "常州市综治委流动人口服务和管理领导小组办公室"),
    addressees=("各辖市(区)公安局(分局)", "人口和计划生育局", "流动人口服务和管理工作领导小组办公室"),
    aim="为进一步完善部门协作联动机制,落实部门齐抓共管责任,提升全市流动人口服务管理工作水平",
    cites=("关于印发〈2011年全市流动人口服务管理工作要点〉的通知", "2011年人口和计划生育目标管理责任书"),
    issued=date(2011, 5, 18),
    published=date(2011, 6, 3),
    validity="有效",
    signature=(
        "常州市公安局",
        "常州市人口和计划生育委员会",
        "常州市综治委流动人口服务和管理领导小组办公室",
        "二○一一年五月十八日",
    ),
    subject_words=("流动人口", "计划生育", "服务管理", "意见"),
    clauses=_CLAUSES,
)

#: 5日前, read inclusively; `Bound.BEFORE` is the other reading. There is no holiday clause: the day stays.
_BY_THE_FIFTH = Rule(every=MONTH, at=DayOfPeriod(5), bound=Bound.BY)

JOINT_MEETING = Duty(
    id="joint-meeting",
    title="联席会议",
    title_en="joint meeting",
    regulation=DOCUMENT,
    clause=DOCUMENT.clause("一(二)"),
    rule=Rule(every=QUARTER, at=DayOfPeriod(5), convention=Convention.FOLLOWING),
    level=Level.DISTRICT,
    parties=("公安局(分局)", "人口计生局", "综治委流动人口服务管理办公室"),
    evidence="会议纪要，一(四)",
    basis=FLOATING_POPULATION_2009,
)
EXCHANGE_DISTRICT = Duty(
    id="exchange-district",
    title="辖市（区）信息互换",
    title_en="exchange of districts",
    regulation=DOCUMENT,
    clause=DOCUMENT.clause("二(二)"),
    rule=_BY_THE_FIFTH,
    level=Level.DISTRICT,
    parties=("公安局(分局)", "综治委流动人口服务管理办公室", "人口计生局"),
    evidence="电子文档，二(三)",
    basis=FLOATING_POPULATION_2009,
)
EXCHANGE_TOWN = Duty(
    id="exchange-town",
    title="镇（街道）信息互换",
    title_en="exchange of towns",
    regulation=DOCUMENT,
    clause=DOCUMENT.clause("二(二)"),
    rule=_BY_THE_FIFTH,
    level=Level.TOWN,
    parties=("派出所", "流动人口服务管理中心", "计生办"),
    evidence="电子文档，二(三)",
    basis=FLOATING_POPULATION_2009,
)
COORDINATORS_MEETING = Duty(
    id="coordinators-meeting",
    title="协管员协作例会",
    title_en="coordinators' meeting",
    regulation=DOCUMENT,
    clause=DOCUMENT.clause("三(一)"),
    rule=Rule(every=MONTH, at=TenDays(1), bound=Bound.WITHIN, data=-1),
    level=Level.TOWN,
    parties=("计生办", "流动人口服务管理中心", "公安派出所"),
    evidence="例会记录，三(二)",
    basis=FLOATING_POPULATION_2009,
)
ANNUAL_COMMENDATION = Duty(
    id="annual-commendation",
    title="百佳信息采集员表彰",
    title_en="annual commendation",
    regulation=DOCUMENT,
    clause=DOCUMENT.clause("五.1"),
    rule=Rule(every=YEAR, at=Whole(), bound=Bound.WITHIN),
    level=Level.CITY,
    parties=("市公安局", "市人口计生委", "综治委流动人口服务和管理工作领导小组办公室"),
    evidence="表彰决定",
    basis=FLOATING_POPULATION_2009,
)

#: The scheduled duties, in the order of their clauses.
DUTIES = (JOINT_MEETING, EXCHANGE_DISTRICT, EXCHANGE_TOWN, COORDINATORS_MEETING, ANNUAL_COMMENDATION)
