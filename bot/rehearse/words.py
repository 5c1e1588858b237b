"""What people see of a rehearsal, the report and the names in its community: the one place of its Chinese."""

from collections.abc import Mapping

from bot.rehearse.exports import Reason
from bot.rehearse.scene import Part

SUBDISTRICT = "街道"
COMMUNITY = "社区"
ESTATE = "小区"
BUILDING = "{label}栋"
UNIT = "{label}单元"
ABOVE = "社区书记"

HEAD = "■ {group}（{area}），{start}起，{count}句"
NO_AREA = "没说哪栋"
SAID = "{time} {who}{setting}{quoting}：{text}"
PRIVATELY = "（私聊）"
QUOTING = "（回{time} {who}）"
MEDIA: Mapping[str, str] = {"image": "[图片]", "voice": "[语音]", "file": "[视频或文件]", "location": "[位置]"}
UNDERSTOOD = "听作：{what}，把握{score}{why}"
UNSURE = "，拿不准"
WHY = "，因为“{words}”"
CHATTER = "听作：闲聊，不作声"
CLOCK = "{time} 到点了"
WOULD = "会在群里说：{text}"
WOULD_PRIVATELY = "会私下告诉{who}：{text}"
MOVED = "#{number} {move}"
BY = "{move}（{who}）"

WHO: Mapping[Part, str] = {Part.RESIDENT: "居民", Part.LEADER: "单元长", Part.PROPERTY: "物业", Part.STAFF: "社工"}
MOVES: Mapping[str, str] = {
    "opened": "开了一件：{what}",
    "dispatched": "派出去",
    "joined": "又一位邻居说同一件",
    "accepted": "有人接下",
    "attended": "有人到场",
    "progressed": "有了消息",
    "waiting": "等居民补充",
    "paused": "先放一放",
    "transferred": "转给别的单位",
    "refused": "退了回来",
    "escalated": "往上报",
    "resolved": "说是办好了",
    "closed": "办结",
    "reopened": "重新打开",
    "withdrawn": "撤回",
    "voice_withdrawn": "有一位不说了",
    "declined": "不予受理",
    "undone": "撤销上一步",
    "urgent": "变成危险",
    "alarmed": "还没人到场，再叫一遍",
    "located": "问到了地方",
    "place_doubted": "地方对不上，请人核对",
    "urged": "催了一下",
    "photo": "放进一张照片",
    "due_again": "说好的日子到了",
    "reminded": "提醒了一下",
    "recounted": "放假安排变了，重新算了时间",
    "supplied": "等的回话来了",
    "offered": "又问了几位志愿者",
    "assigned": "社区选了人去问",
    "unanswered": "问的人没来",
    "unclaimed": "志愿者都没空，请社区安排",
    "offered_help": "有人说愿意去",
    "not_volunteers": "不能请志愿者",
    "released": "接的人退了，重新派",
    "asked_to_begin": "问接的人还去不去",
    "still_going": "接的人说还去",
    "whistled": "吹哨叫人",
    "coming": "叫的单位说派人来",
    "came": "叫的单位到了",
    "left": "叫的单位撤了",
    "cannot": "叫的单位来不了",
    "asked_after": "追问转出去的事",
    "external": "记下外面的工单号",
    "external_left": "外面的工单号改到别的事上",
    "case_soon": "外面的工单快到期",
}
STATUS: Mapping[str, str] = {
    "new": "待派",
    "dispatched": "待接",
    "accepted": "办理中",
    "waiting": "待居民补充",
    "paused": "挂起",
    "transferred": "已转办",
    "resolved": "待评",
    "closed": "办结",
    "reopened": "重办",
    "withdrawn": "撤回",
    "declined": "不予受理",
}

SUMMARY = "合计：{chats}个群，{messages}句话"
TICKETS = "会开{count}件：{list}"
NO_TICKETS = "一件也不会开"
TICKET = "#{number} {place}{what}（{status}，{voices}户）"
ENDLESS = "#{number} 一直没人说到场，后来又叫了{count}遍，上面没有一一写出来"
LINES = "会在群里说{group}句，私下说{private}句"
DOUBTS = "拿不准的{count}句："
NO_DOUBTS = "没有拿不准的"
DOUBT = "{time} {who}：{text}"
SHOWN = 200  # characters of one text

LEFT_OUT = "没有读进来的{count}行："
MEDIA_READ = "图片、语音一类{count}条，当作收到了图片、语音"
LINE = "第{line}行：{reason}"
REASONS: Mapping[Reason, str] = {
    Reason.BEFORE: "在第一句话前面，不知道是谁说的",
    Reason.TIME: "没有这样的日期或时间",
    Reason.UNDATED: "只有钟点没有日期，导出时请带上日期",
    Reason.EMPTY: "有名字有时间，没有话",
    Reason.NOTICE: "微信自己的提示，不是谁说的话",
    Reason.WORDLESS: "表情、红包、链接一类，没有话",
}
