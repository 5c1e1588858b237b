// The guide at the top: three steps that tick themselves off.

import { button, el, icon } from "./dom.js";
import { progress } from "./story.js";

const REPORT = "3栋2单元电梯又坏了";
const ANSWER = "我去看看";

export class Guide {
  /** phoneOf(part, id?): an open phone of somebody of that part; show(phone): bring it to the front. */
  constructor({ store, element, house, phoneOf, show }) {
    Object.assign(this, { store, element, house, phoneOf, show });
    this.from = 0;
    this.shown = "";
    store.addEventListener("message", () => this.draw());
  }

  draw() {
    const state = progress(this.store, this.from);
    const steps = this.#steps(state);
    const key = JSON.stringify(steps.map(({ text, done }) => [text, done]));
    this.#point(state);
    if (key === this.shown) return;
    this.shown = key;
    const active = steps.findIndex((step) => !step.done);
    const list = el("ol", { class: "steps" }, steps.map((step, at) => this.#step(step, at, at === active)));
    this.element.replaceChildren(list, active < 0 ? this.#again() : "");
    this.element.classList.toggle("is-done", active < 0);
    [...this.house.children].forEach((light, at) => light.classList.toggle("lit", at < state.done.filter(Boolean).length * 2));
  }

  #steps({ reporter, cardChat, done }) {
    const resident = this.store.people.get(reporter) ?? this.phoneOf("resident")?.person;
    const leader = this.phoneOf("leader", cardChat)?.person;
    const said = resident?.name ?? "居民";
    const asked = leader?.name ?? "单元长";
    return [
      { text: `${said}说一声`, hint: `“${REPORT}”`, done: done[0], go: () => this.#go("resident", null) },
      { text: cardChat ? `卡片到了，替${asked}回` : `${asked}收到卡片，回一句`, hint: `“${ANSWER}”`, done: done[1], go: () => this.#go("leader", cardChat) },
      { text: `${said}听到回话`, hint: "自己会来", done: done[2], go: () => this.#go("resident", null) },
    ];
  }

  #step({ text, hint, done, go }, at, active) {
    const mark = el("span", { class: "mark" }, done ? icon("check") : String(at + 1));
    const state = done ? "，做到了" : active ? "，现在做这一步" : "";
    const label = `第${at + 1}步，${text}${hint}${state}`;
    const classes = ["step", done ? "done" : "", active ? "active" : ""].join(" ");
    return el("li", { class: classes, aria: active ? { current: "step" } : {} }, button({ aria: { label }, on: { click: go } }, mark, el("span", {}, el("b", { text }), el("small", { text: hint }))));
  }

  #again() {
    return el("p", { class: "finish" }, el("b", { text: "走完一圈了" }), el("span", { text: "再试试“没修好”" }), button({ class: "link", text: "再来一次", on: { click: () => this.#restart() } }));
  }

  #restart() {
    this.from = Math.max(0, ...[...this.store.messages.keys()].map(Number));
    this.draw();
  }

  #go(part, chatId) {
    const phone = this.phoneOf(part, chatId);
    if (!phone) return;
    this.show(phone);
    const here = chatId && this.store.chats.get(chatId)?.members.includes(phone.person.id);
    if (here && phone.chat?.chat.id !== chatId) phone.open(chatId, false);
    phone.chat?.composer.focus();
  }

  /** Let the next tap stand out: the words on the phone whose turn it is. */
  #point({ reporter, cardChat, done }) {
    document.querySelectorAll(".chip.next").forEach((chip) => chip.classList.remove("next"));
    document.querySelectorAll(".phone.turn").forEach((phone) => phone.classList.remove("turn"));
    if (done[1] || (reporter && !cardChat)) return;
    const phone = reporter ? this.phoneOf("leader", cardChat) : this.phoneOf("resident");
    phone?.element.classList.add("turn");
    const words = reporter ? ANSWER : REPORT;
    phone?.element.querySelectorAll(".chip").forEach((chip) => chip.classList.toggle("next", chip.dataset.says === words));
  }
}
