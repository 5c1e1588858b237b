"""The invented people: who they are, where they live, what they hold. Nobody of that name is meant."""

from dataclasses import dataclass
from typing import Literal

from models import Role, Skill, Slot

Part = Literal["resident", "leader", "staff", "property", "volunteer"]


@dataclass(frozen=True)
class Duty:
    """A post: role, area, A or B, and the company it is held for."""

    role: Role
    area: str
    slot: Slot = Slot.A
    organisation: str | None = None
    skills: tuple[Skill, ...] = ()


@dataclass(frozen=True)
class Neighbour:
    """Somebody of the sample. `known` False: the service has never heard of them."""

    id: str
    name: str
    role: str
    part: Part
    about: str
    area: str | None = None
    duties: tuple[Duty, ...] = ()
    note: str | None = None
    known: bool = True


def _leader(key: str, name: str, unit: str, also: str | None, about: str) -> Neighbour:
    """The A of a unit, who stands in as B in the next one where that is named."""
    duties = [Duty(Role.UNIT_LEADER, unit)]
    if also is not None:
        duties.append(Duty(Role.UNIT_LEADER, also, Slot.B))
    return Neighbour(key, name, "单元长", "leader", about, unit, tuple(duties))


def _holder(key: str, name: str, role: str, part: Part, about: str, *duties: Duty) -> Neighbour:
    return Neighbour(key, name, role, part, about, duties[0].area, duties)


def _resident(key: str, name: str, about: str, area: str, note: str | None = None) -> Neighbour:
    return Neighbour(key, name, "居民", "resident", about, area, (), note)


RESIDENTS = (
    _resident("wang-ayi", "王阿姨", "幸福里3栋2单元", "FL-XF-3-2"),
    _resident("li-shu", "李叔", "幸福里3栋2单元，王阿姨的邻居", "FL-XF-3-2"),
    _resident("hu-nainai", "胡奶奶", "幸福里3栋1单元，耳朵不好", "FL-XF-3-1", "听不见，请发文字，不要打电话"),
    _resident("zhao-ge", "赵哥", "幸福里5栋1单元", "FL-XF-5-1"),
    _resident("ding-ge", "丁哥", "桃园1栋1单元", "FL-TY-1-1"),
    _resident("zhong-yi", "钟姨", "和园6栋2单元，群还没绑", "YX-HY-6-2"),
    Neighbour("xiao-yang", "小杨", "租客", "resident", "租在超市楼上，还没绑定", known=False),
)

LEADERS = (
    _leader("zhou-jie", "周大姐", "FL-XF-3-2", None, "幸福里3栋2单元A岗"),
    Neighbour(
        "he-shu",
        "贺叔",
        "单元长",
        "leader",
        "幸福里3栋1、2单元B岗",
        "FL-XF-3-2",
        (Duty(Role.UNIT_LEADER, "FL-XF-3-2", Slot.B), Duty(Role.UNIT_LEADER, "FL-XF-3-1", Slot.B)),
    ),
    _leader("liu-die", "刘爹", "FL-XF-3-1", None, "幸福里3栋1单元A岗"),
    _leader("tan-yi", "谭姨", "FL-XF-1-1", "FL-XF-1-2", "幸福里1栋1单元A岗"),
    _leader("xiong-ge", "熊哥", "FL-XF-1-2", "FL-XF-1-1", "幸福里1栋2单元A岗"),
    _leader("luo-laoshi", "罗老师", "FL-XF-5-1", "FL-XF-5-2", "幸福里5栋1单元A岗"),
    _leader("deng-shifu", "邓师傅", "FL-XF-5-2", "FL-XF-5-1", "幸福里5栋2单元A岗"),
    _leader("yi-jie", "易姐", "FL-TY-1-1", "FL-TY-1-2", "桃园1栋1单元A岗"),
    _leader("peng-bo", "彭伯", "FL-TY-1-2", "FL-TY-1-1", "桃园1栋2单元A岗"),
    _leader("xia-yi", "夏姨", "YX-HY-2-1", "YX-HY-2-2", "和园2栋1单元A岗"),
    _leader("mo-shu", "莫叔", "YX-HY-2-2", "YX-HY-2-1", "和园2栋2单元A岗"),
    _leader("qin-jie", "秦姐", "YX-HY-6-1", "YX-HY-6-2", "和园6栋1单元A岗"),
    _leader("tang-die", "唐爹", "YX-HY-6-2", "YX-HY-6-1", "和园6栋2单元A岗"),
    _holder("long-bo", "龙伯", "楼栋长", "leader", "幸福里3栋", Duty(Role.BUILDING_LEADER, "FL-XF-3")),
    _holder("fu-jie", "傅姐", "楼栋长", "leader", "和园6栋", Duty(Role.BUILDING_LEADER, "YX-HY-6")),
    _holder("ouyang", "欧阳", "网格长", "leader", "幸福里第一网格", Duty(Role.GRID_LEADER, "FL-XF-G1")),
    _holder(
        "wei-ge",
        "韦哥",
        "网格长",
        "leader",
        "幸福里第二网格、桃园",
        Duty(Role.GRID_LEADER, "FL-XF-G2"),
        Duty(Role.GRID_LEADER, "FL-TY-G1"),
    ),
    _holder("shi-jie", "石姐", "网格长", "leader", "和园", Duty(Role.GRID_LEADER, "YX-HY-G1")),
)

OFFICE = (
    _holder(
        "xiao-chen",
        "小陈",
        "社工",
        "staff",
        "枫林社区",
        Duty(Role.STAFF, "FL"),
        Duty(Role.ADMINISTRATOR, "QH"),
    ),
    _holder("liang-shuji", "梁书记", "社区书记", "staff", "枫林社区", Duty(Role.SECRETARY, "FL")),
    _holder("du-shifu", "杜师傅", "值班", "staff", "枫林社区夜间值班", Duty(Role.DUTY, "FL")),
    _holder(
        "bai-laoshi",
        "白老师",
        "调解员",
        "staff",
        "两个社区的调解员",
        Duty(Role.MEDIATOR, "FL"),
        Duty(Role.MEDIATOR, "YX"),
    ),
    _holder("xiao-wu", "小吴", "社工", "staff", "云溪社区", Duty(Role.STAFF, "YX")),
    _holder("jiang-shuji", "蒋书记", "社区书记", "staff", "云溪社区", Duty(Role.SECRETARY, "YX")),
    _holder("fan-shifu", "范师傅", "值班", "staff", "云溪社区夜间值班", Duty(Role.DUTY, "YX")),
)

COMPANIES = (
    _holder("ma-shifu", "马师傅", "物业", "property", "安禾物业维修", Duty(Role.PROPERTY, "FL", Slot.A, "WY-FL")),
    _holder("sun-jingli", "孙经理", "物业", "property", "安禾物业经理", Duty(Role.PROPERTY, "FL", Slot.B, "WY-FL")),
    _holder("jia-jingli", "贾经理", "物业", "property", "和顺物业经理", Duty(Role.PROPERTY, "YX", Slot.A, "WY-YX")),
)

FIXES = Duty(Role.VOLUNTEER, "FL", skills=(Skill.APPLIANCES, Skill.PHONES))
RUNS = Duty(Role.VOLUNTEER, "FL", skills=(Skill.ERRANDS, Skill.CARRYING, Skill.COMPANY))
VOLUNTEERS = (
    _holder("xiao-lu", "小陆", "志愿者", "volunteer", "枫林社区，会修小家电", FIXES),
    _holder("gao-ge", "高哥", "志愿者", "volunteer", "枫林社区，能跑腿", RUNS),
    _holder("yu-jie", "余姐", "志愿者", "volunteer", "云溪社区", Duty(Role.VOLUNTEER, "YX")),
)

EVERYBODY = (*RESIDENTS, *LEADERS, *OFFICE, *COMPANIES, *VOLUNTEERS)
