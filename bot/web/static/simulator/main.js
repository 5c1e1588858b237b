// The street: which phones stand in it, in what order, and the one in front where the screen is narrow.

import { face } from "./avatar.js";
import { button, el, icon } from "./dom.js";
import { Guide } from "./guide.js";
import { badge } from "./list.js";
import { Phone } from "./phone.js";
import { Picker } from "./picker.js";
import { Store } from "./store.js";

const KEPT = "phones"; // in the tab's own storage: a reload shows the same phones
const AT_FIRST = ["resident", "leader", "resident", "staff"];

class Street {
  constructor(store) {
    this.store = store;
    this.phones = [];
    this.front = null;
    this.element = document.getElementById("street");
    this.switcher = document.getElementById("switcher");
    this.announcer = document.getElementById("announcer");
    this.picker = new Picker(store, document.getElementById("picker"));
    this.add = button({ class: "add-phone", on: { click: () => this.#add() } }, icon("plus"), el("span", { text: "再拿一部手机" }));
    this.element.replaceChildren(this.add);
    this.guide = new Guide({
      store,
      element: document.getElementById("guide"),
      house: document.getElementById("house"),
      phoneOf: (part, chat) => this.#phoneOf(part, chat),
      show: (phone) => this.show(phone),
    });
    this.#people().forEach((person) => this.#place(person));
    this.show(this.phones[0]);
    store.addEventListener("message", () => this.#tabs());
    store.addEventListener("read", () => this.#tabs());
  }

  /** Who stands here at first: as left, as configured, or a resident, a leader, a neighbour and somebody of the staff. */
  #people() {
    const known = (ids) => ids.map((id) => this.store.people.get(id)).filter(Boolean);
    const kept = known(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
    if (kept.length) return kept;
    if (this.store.first.length) return known(this.store.first);
    const left = [...this.store.people.values()];
    const next = (part) => {
      const at = left.findIndex((person) => person.part === part);
      return at < 0 ? null : left.splice(at, 1)[0];
    };
    return AT_FIRST.map(next).filter(Boolean);
  }

  #place(person, instead = null) {
    const phone = new Phone({
      store: this.store,
      person,
      onSwitch: (one) => this.#switch(one),
      onRemove: (one) => this.#remove(one),
      onOpen: () => this.guide.draw(),
      announce: (words, id) => this.#announce(words, id),
    });
    if (instead) {
      instead.stop();
      instead.element.replaceWith(phone.element);
      this.phones.splice(this.phones.indexOf(instead), 1, phone);
    } else {
      this.add.before(phone.element);
      this.phones.push(phone);
    }
    this.#changed();
    return phone;
  }

  async #add() {
    const person = await this.picker.choose(this.phones.map((phone) => phone.person.id));
    if (person) this.show(this.#place(person));
  }

  async #switch(phone) {
    const person = await this.picker.choose(this.phones.map((other) => other.person.id));
    if (person) this.show(this.#place(person, phone));
  }

  #remove(phone) {
    if (this.phones.length === 1) return phone.say("至少留一部手机。");
    phone.stop();
    phone.element.remove();
    this.phones = this.phones.filter((other) => other !== phone);
    this.#changed();
    if (this.front === phone) this.show(this.phones[0]);
  }

  #changed() {
    sessionStorage.setItem(KEPT, JSON.stringify(this.phones.map((phone) => phone.person.id)));
    this.#tabs();
    this.guide.draw();
  }

  show(phone) {
    this.front = phone;
    this.phones.forEach((other) => other.element.classList.toggle("front", other === phone));
    phone?.element.scrollIntoView({ block: "nearest", inline: "nearest" });
    phone?.seen();
    phone?.chat?.end();
    this.#tabs();
  }

  #tabs() {
    const tabs = this.phones.map((phone) => {
      const unread = this.store.unreadOf(phone.person.id);
      const label = `${phone.person.name}的手机${unread ? `，${unread}条没看` : ""}`;
      const pressed = String(phone === this.front);
      return button({ class: "tab", aria: { label, pressed }, on: { click: () => this.show(phone) } }, face(phone.person), el("span", { text: phone.person.name }), unread ? badge(unread) : null);
    });
    const add = button({ class: "tab", label: "再拿一部手机", on: { click: () => this.#add() } }, el("span", { class: "face add-face" }, icon("plus")), el("span", { text: "加人" }));
    this.switcher.replaceChildren(...tabs, add);
  }

  /** Somebody of that part with a phone here; where a chat is named, a member of it. */
  #phoneOf(part, chat = null) {
    const members = chat ? this.store.chats.get(chat)?.members : null;
    const fitting = this.phones.filter((phone) => phone.person.part === part);
    return fitting.find((phone) => members?.includes(phone.person.id)) ?? fitting[0] ?? null;
  }

  /** A message in a group comes to several phones: it is read out once. */
  #announce(words, id) {
    if (this.announced === id) return;
    this.announced = id;
    this.announcer.textContent = words;
  }
}

async function begin() {
  const offline = document.getElementById("offline");
  const store = new Store();
  const reason = await store.open();
  if (reason) {
    offline.textContent = `${reason}正在再试。`;
    offline.hidden = false;
    setTimeout(begin, 2000);
    return;
  }
  offline.hidden = true;
  store.addEventListener("line", ({ detail: { ok } }) => {
    offline.textContent = "连不上了，正在再试。";
    offline.hidden = ok;
  });
  store.addEventListener("world", () => location.reload());
  document.documentElement.classList.add("ready");
  new Street(store);
}

begin();
