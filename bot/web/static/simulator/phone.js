// One phone: its owner above it, the list and a conversation in it, and a banner for what comes in elsewhere.

import { chatFace, face } from "./avatar.js";
import { Chat } from "./chat.js";
import { button, el, icon } from "./dom.js";
import { ChatList } from "./list.js";
import { hour } from "./moment.js";
import { preview } from "./store.js";

const BANNER = 6000;
const TOAST = 6000;

export class Phone {
  /** onSwitch(phone), onRemove(phone): the owner is to be another, the phone is put away. onOpen(): another chat. */
  constructor({ store, person, onSwitch, onRemove, onOpen, announce }) {
    Object.assign(this, { store, person, onOpen, announce });
    this.chat = null;
    this.list = new ChatList(store, person, (chat) => this.open(chat, true));
    this.clock = el("span", { text: hour(Date.now() / 1000) });
    this.banner = button({ class: "banner", hidden: true });
    this.toast = el("p", { class: "toast", role: "alert", hidden: true });
    this.glass = el("div", { class: "glass" }, el("div", { class: "status", aria: { hidden: "true" } }, this.clock, el("span", { class: "battery" })), this.list.element, this.banner, this.toast);
    const owner = button({ class: "owner", label: `${person.name}，${person.role}，换一个人`, on: { click: () => onSwitch(this) } }, face(person), el("span", { class: "owner-name" }, el("b", { text: person.name }), el("i", { class: `part part-${person.part}`, text: person.role })), el("small", { text: person.about || "点这里换一个人" }), icon("swap"));
    const away = button({ class: "away", label: `收起${person.name}的手机`, on: { click: () => onRemove(this) } }, icon("close"));
    this.element = el("article", { class: "phone", aria: { label: `${person.name}的手机` }, data: { person: person.id } }, el("div", { class: "top-line" }, owner, away), el("div", { class: "body" }, this.glass));
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.chat && this.back());
    this.stop = this.#listen();
    this.open(this.#home(), false);
  }

  /** The chat to begin with: a resident's own with the account, a leader's or staff member's with their like. */
  #home() {
    const chats = this.store.chatsOf(this.person.id);
    const share = (chat) => chat.members.filter((id) => this.store.people.get(id)?.part === this.person.part).length / chat.members.length;
    const groups = chats.filter((chat) => chat.kind === "group").sort((a, b) => share(b) - share(a));
    const official = chats.find((chat) => chat.kind === "private");
    return (this.person.part === "resident" ? official ?? groups[0] : groups[0] ?? official)?.id ?? null;
  }

  #listen() {
    const heard = ({ detail: { message, fresh } }) => this.#take(message, fresh);
    const read = () => this.#count();
    this.store.addEventListener("message", heard);
    this.store.addEventListener("read", read);
    const ticking = setInterval(() => (this.clock.textContent = hour(Date.now() / 1000)), 10000);
    return () => {
      this.store.removeEventListener("message", heard);
      this.store.removeEventListener("read", read);
      clearInterval(ticking);
      clearTimeout(this.hiding);
    };
  }

  open(chatId, focus) {
    if (!chatId) return;
    this.chat?.element.remove();
    this.chat = new Chat({ store: this.store, person: this.person, chat: this.store.chats.get(chatId), onBack: () => this.back(), onToast: (text) => this.say(text) });
    this.banner.hidden = true;
    this.list.element.after(this.chat.element);
    this.list.element.inert = true;
    this.element.classList.add("in-chat");
    this.seen();
    this.onOpen();
    if (focus) this.chat.composer.focus();
  }

  back() {
    const left = this.chat.chat.id;
    this.chat.element.remove();
    this.chat = null;
    this.list.element.inert = false;
    this.element.classList.remove("in-chat");
    this.list.draw();
    [...this.list.rows.querySelectorAll(".row")].find((row) => row.dataset.chat === left)?.focus();
  }

  /** What is on the screen counts as read, where the phone itself can be seen. */
  seen() {
    if (this.chat && this.element.offsetParent !== null) this.store.markRead(this.person.id, this.chat.chat.id);
    this.#count();
  }

  #take(message, fresh) {
    const chat = this.store.chats.get(message.chat);
    if (!chat?.members.includes(this.person.id)) return;
    if (this.chat?.chat.id === message.chat) this.chat.take(message);
    if (fresh && message.by !== this.person.id && message.kind !== "note") this.#arrived(chat, message);
    this.list.draw();
    this.seen();
  }

  #arrived(chat, message) {
    const words = `${this.person.name}的手机，${chat.name}：${this.store.nameOf(message.by)}说，${preview(message)}`;
    this.announce(words, message.id);
    if (this.chat && this.chat.chat.id !== chat.id) this.#drop(chat, message);
  }

  #drop(chat, message) {
    this.banner.replaceChildren(chatFace(this.store, chat), el("span", {}, el("b", { text: chat.name }), el("span", { text: `${this.store.nameOf(message.by)}：${preview(message)}` })));
    this.banner.onclick = () => this.open(chat.id, true);
    this.banner.hidden = false;
    clearTimeout(this.hiding);
    this.hiding = setTimeout(() => (this.banner.hidden = true), BANNER);
  }

  #count() {
    this.chat?.setOthers(this.store.unreadOf(this.person.id, this.chat.chat.id));
  }

  /** Tell the phone's owner something that is no message. */
  say(text) {
    this.toast.textContent = text;
    this.toast.hidden = false;
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => (this.toast.hidden = true), TOAST);
  }
}
