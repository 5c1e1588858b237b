// What each part may want to say: a tap sends it.

const PRIVATE = {
  resident: ["3栋2单元电梯又坏了", "到哪一步了", "没修好", "好了，谢谢", "我家也是", "厨房一股煤气味，头有点晕", "人工"],
  leader: ["代报 3栋2单元 楼道灯不亮", "我去看看", "修好了 换了门机", "上报", "人工"],
  staff: ["我来处理", "修好了 换了门机", "转物业"],
  property: ["我去看看", "修好了 换了门机", "配件明天到"],
  volunteer: ["我来", "帮好了", "人工"],
};

const GROUP = {
  resident: ["3栋2单元电梯又坏了", "我家也是", "今晚谁家烧了鱼，好香", "厨房一股煤气味，头有点晕"],
  leader: ["我去看看", "修好了 换了门机", "上报", "转物业", "撤销"],
  staff: ["我来处理", "修好了 换了门机", "我到了"],
  property: ["我去看看", "修好了 换了门机", "配件明天到"],
  volunteer: ["我来", "我到了"],
};

export function suggestions(person, chat) {
  if (person.lines.length) return person.lines;
  return (chat.kind === "private" ? PRIVATE : GROUP)[person.part];
}
