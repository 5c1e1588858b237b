// A phone's first screen: the chats, the latest on top, with badges.

import { chatFace } from "./avatar.js";
import { button, el } from "./dom.js";
import { moment } from "./moment.js";
import { preview } from "./store.js";

export class ChatList {
  constructor(store, person, onOpen) {
    this.store = store;
    this.person = person;
    this.onOpen = onOpen;
    this.rows = el("ul", { class: "rows" });
    this.element = el("section", { class: "screen list", aria: { label: "消息" } }, el("h3", { class: "bar", text: "消息" }), this.rows);
    this.draw();
  }

  draw() {
    const chats = this.store.chatsOf(this.person.id);
    const latest = (chat) => Number(this.store.lastOf(chat.id)?.id ?? 0);
    chats.sort((a, b) => latest(b) - latest(a));
    this.rows.replaceChildren(...chats.map((chat) => el("li", {}, this.#row(chat))));
  }

  #row(chat) {
    const last = this.store.lastOf(chat.id);
    const unread = this.store.unread(this.person.id, chat.id);
    const label = `${chat.name}${unread ? `，${unread}条没看` : ""}`;
    return button(
      { class: "row", aria: { label }, data: { chat: chat.id }, on: { click: () => this.onOpen(chat.id) } },
      el("span", { class: "row-face" }, chatFace(this.store, chat), unread ? badge(unread) : null),
      el("span", { class: "row-name", text: chat.name }),
      el("span", { class: "row-time", text: last ? moment(last.time) : "" }),
      el("span", { class: "row-last", text: last ? this.#last(chat, last) : chat.about || "还没有人说话" }),
    );
  }

  #last(chat, last) {
    const name = chat.kind === "group" && last.by ? `${this.store.nameOf(last.by)}：` : "";
    return name + preview(last);
  }
}

export function badge(count) {
  return el("b", { class: "badge", text: count > 99 ? "99+" : String(count), aria: { hidden: "true" } });
}
