// Where one writes: suggestions, the quotation, the text, and what else a phone can send.

import { button, el, icon } from "./dom.js";
import { preview } from "./store.js";
import { suggestions } from "./suggestions.js";

const LONGEST = 600;

export class Composer {
  /** onSend({text, quoted}) and onAct(deed, text) return promises; a false answer gives the text back. */
  constructor({ store, person, chat, onSend, onAct }) {
    Object.assign(this, { store, person, chat, onSend, onAct });
    this.quoted = null;
    this.text = el("textarea", {
      rows: 1,
      maxlength: LONGEST,
      enterkeyhint: "send",
      placeholder: chat.kind === "private" ? "跟小单说一声" : "在群里说一句",
      aria: { label: `${person.name}在“${chat.name}”里说` },
      on: { input: () => this.#grow(), keydown: (event) => this.#key(event) },
    });
    this.send = button({ class: "send", text: "发送", on: { click: () => this.#send(this.text.value) } });
    this.quote = el("div", { class: "quoting", hidden: true });
    this.more = button({ class: "plus", label: "照片、语音和别的", aria: { label: "照片、语音和别的", expanded: "false" }, on: { click: () => this.#tray() } }, icon("plus"));
    this.tray = el("div", { class: "tray", hidden: true }, this.#extras());
    this.chips = el("div", { class: "chips", role: "group", aria: { label: "可以这样说" } }, this.#chips());
    this.element = el("form", { class: "composer", on: { submit: (event) => event.preventDefault() } }, this.chips, this.quote, el("div", { class: "write" }, this.more, this.text, this.send), this.tray);
    this.#grow();
  }

  #chips() {
    return suggestions(this.person, this.chat).map((text) =>
      button({ class: "chip", text, data: { says: text }, on: { click: () => this.#send(text) } }),
    );
  }

  #extras() {
    const official = !this.chat.quotes;
    const things = [];
    if (this.chat.media) things.push(["image", "照片"], ["voice", "语音"], ["place", "位置", "location", "3栋楼下"]);
    if (official) things.push(["follow", "关注"], ["leave", "取消关注", "unfollow"]);
    if (this.chat.kind === "group" && this.chat.recalls) things.push(["join", "请进群"]);
    return things.map(([sign, label, deed = sign, text = ""]) =>
      button({ class: "extra", data: { deed }, on: { click: () => this.#act(deed, text) } }, el("span", {}, icon(sign)), label),
    );
  }

  /** Quote a message; in an Official Account nothing can be quoted. */
  setQuote(message) {
    this.quoted = message;
    this.quote.hidden = !message;
    if (!message) return;
    const text = `${this.store.nameOf(message.by)}：${preview(message)}`;
    const drop = button({ class: "tool", label: "不引用了", on: { click: () => this.setQuote(null) } }, icon("close"));
    this.quote.replaceChildren(el("span", { text }), drop);
    this.text.focus();
  }

  /** Put words at the front, as a number is written. */
  prefix(words) {
    if (!this.text.value.includes(words)) this.text.value = `${words} ${this.text.value}`;
    this.focus();
    this.#grow();
  }

  focus() {
    this.text.focus();
  }

  #tray() {
    this.tray.hidden = !this.tray.hidden;
    this.more.setAttribute("aria-expanded", String(!this.tray.hidden));
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#send(this.text.value);
    } else if (event.key === "Escape" && this.quoted) {
      event.stopPropagation();
      this.setQuote(null);
    }
  }

  async #send(text) {
    if (!text.trim()) return;
    const quoted = this.quoted?.id ?? null;
    const written = this.text.value === text;
    this.setQuote(null);
    if (written) this.text.value = "";
    this.#grow();
    const shown = await this.onSend({ text, quoted });
    if (!shown && written && !this.text.value) this.text.value = text;
    this.#grow();
  }

  async #act(deed, text) {
    this.#tray();
    await this.onAct(deed, text);
  }

  #grow() {
    this.text.rows = Math.min(4, Math.max(1, this.text.value.split("\n").length));
    this.send.disabled = !this.text.value.trim();
  }
}
