// Choosing whose phone it is.

import { face } from "./avatar.js";
import { button, el, icon } from "./dom.js";

const PARTS = { resident: "居民", leader: "单元长和楼栋长", staff: "社区", property: "物业", volunteer: "志愿者" };

export class Picker {
  constructor(store, dialog) {
    this.store = store;
    this.dialog = dialog;
    this.query = el("input", { type: "search", placeholder: "找人：名字、楼栋、角色", aria: { label: "找人" }, on: { input: () => this.#draw() } });
    this.found = el("div", { class: "found" });
    const close = button({ class: "tool", label: "关上", on: { click: () => dialog.close() } }, icon("close"));
    dialog.replaceChildren(el("header", {}, el("h2", { id: "picker-title", text: "看谁的手机" }), close), this.query, this.found);
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => this.#answer(null));
  }

  /** Ask; the person chosen, or null. `taken`: ids of people whose phones are open already. */
  choose(taken) {
    this.taken = new Set(taken);
    this.query.value = "";
    this.#draw();
    this.dialog.showModal();
    return new Promise((resolve) => (this.resolve = resolve));
  }

  #answer(person) {
    const resolve = this.resolve;
    this.resolve = null;
    resolve?.(person);
  }

  #draw() {
    const query = this.query.value.trim();
    const fits = (person) => `${person.name} ${person.role} ${person.about}`.includes(query);
    const sections = Object.entries(PARTS).map(([part, title]) => {
      const people = [...this.store.people.values()].filter((person) => person.part === part && fits(person));
      return people.length ? el("section", {}, el("h3", { text: title }), el("ul", {}, people.map((person) => this.#row(person)))) : null;
    });
    const some = sections.filter(Boolean);
    this.found.replaceChildren(...(some.length ? some : [el("p", { class: "plain", text: "没有找到。" })]));
  }

  #row(person) {
    const choose = () => {
      this.#answer(person);
      this.dialog.close();
    };
    const open = this.taken.has(person.id);
    return el("li", {}, button({ class: "candidate", disabled: open, data: { person: person.id }, on: { click: choose } }, face(person), el("b", { text: person.name }), el("small", { text: open ? "手机已经开着" : [person.role, person.about].filter(Boolean).join(" · ") })));
  }
}
