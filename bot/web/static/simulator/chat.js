// A phone's second screen: one conversation, kept up to date line by line.

import { chatFace, house } from "./avatar.js";
import { bubble } from "./bubble.js";
import { Composer } from "./composer.js";
import { button, el, icon } from "./dom.js";
import { moment, pause } from "./moment.js";

const NEAR = 80; // pixels from the end: nearer than this, the end is followed
const NO_QUOTE = "公众号里不能引用，写上编号就行，比如“#128 没修好”。";

export class Chat {
  constructor({ store, person, chat, onBack, onToast }) {
    Object.assign(this, { store, person, chat, onToast });
    this.nodes = new Map();
    this.lines = el("ol", { class: "lines", role: "log", tabindex: "0", aria: { label: chat.name, live: "off" } });
    this.typing = el("li", { class: "line theirs from-bot typing", hidden: true }, house(), el("div", { class: "bubble", role: "img", aria: { label: "小单正在看" } }, el("i"), el("i"), el("i")));
    this.others = el("span", { class: "back-count" });
    this.composer = new Composer({ store, person, chat, onSend: (line) => this.#say(line), onAct: (deed, text) => this.#act(deed, text) });
    const back = button({ class: "back", label: "回到消息列表", on: { click: onBack } }, icon("back"), this.others);
    this.element = el("section", { class: `screen chat in-${chat.kind}`, aria: { label: chat.name }, data: { chat: chat.id } }, el("header", { class: "bar" }, back, el("div", { class: "bar-name" }, el("h3", { text: chat.name }), el("small", { text: this.#about() }))), this.lines, this.composer.element);
    this.draw();
  }

  #about() {
    if (this.chat.about) return this.chat.about;
    return this.chat.kind === "private" ? "社区公众号 · 只有您看得到" : `${this.chat.members.length}人，还有小单`;
  }

  draw() {
    this.nodes.clear();
    let former = null;
    const nodes = [];
    for (const message of this.store.messagesOf(this.chat.id)) {
      nodes.push(...this.#nodesFor(former, message));
      former = message;
    }
    this.lines.replaceChildren(...(nodes.length ? nodes : [this.#empty()]), this.typing);
    this.end();
  }

  #empty() {
    const [first, then] = this.chat.kind === "private" ? ["有事说一句就行", "报修、求助、问政策，都可以。点下面的话也能发。"] : [`这里是${this.chat.name}`, "小单也在。闲聊它听过就忘，有事它才记下。"];
    return el("li", { class: "empty" }, chatFace(this.store, this.chat), el("b", { text: first }), el("span", { text: then }));
  }

  #nodesFor(former, message) {
    const line = this.#bubble(message);
    this.nodes.set(message.id, line);
    return pause(former, message) ? [el("li", { class: "when" }, el("time", { text: moment(message.time) })), line] : [line];
  }

  #bubble(message) {
    return bubble(this.store, this.person, this.chat, message, {
      onQuote: (quoted) => (this.chat.quotes ? this.composer.setQuote(quoted) : this.#noQuote(quoted)),
      onNumber: (number) => this.composer.prefix(number),
      onRecall: (mine) => this.#act("recall", "", mine.id),
      onAgain: (failed) => this.#say({ text: failed.text, quoted: failed.quoted }),
    });
  }

  #noQuote(message) {
    const number = /#\d+/.exec(message.text);
    if (number) this.composer.prefix(number[0]);
    else this.onToast(NO_QUOTE);
  }

  /** A message of this chat is new or has changed. */
  take(message) {
    const following = this.#following();
    const known = this.nodes.get(message.id);
    if (known) {
      const node = this.#bubble(message);
      known.replaceWith(node);
      this.nodes.set(message.id, node);
    } else {
      this.#append(message);
    }
    this.#wait();
    if (following || message.by === this.person.id) this.end();
  }

  #append(message) {
    this.lines.querySelector(".empty")?.remove();
    const former = this.store.messagesOf(this.chat.id).filter((other) => Number(other.id) < Number(message.id)).at(-1);
    const nodes = this.#nodesFor(former, message);
    nodes.forEach((node) => node.classList.add("arrives"));
    this.typing.before(...nodes);
  }

  /** The dots: the service has been asked in private and has not answered yet. */
  #wait() {
    const waiting = this.store.messagesOf(this.chat.id).some((message) => message.state === "pending");
    this.typing.hidden = !(waiting && this.chat.kind === "private");
  }

  #following() {
    return this.lines.scrollHeight - this.lines.scrollTop - this.lines.clientHeight < NEAR;
  }

  end() {
    requestAnimationFrame(() => this.lines.scrollTo({ top: this.lines.scrollHeight }));
  }

  setOthers(count) {
    this.others.textContent = count ? String(count) : "";
  }

  async #say({ text, quoted }) {
    const wish = { as: this.person.id, chat: this.chat.id, text, reply_to: quoted };
    const { status, reason, shown } = await this.store.say(wish);
    if (!shown && status !== 202) this.onToast(reason);
    return shown || status === 202;
  }

  async #act(deed, text, message = null) {
    const wish = { as: this.person.id, chat: this.chat.id, do: deed, text, message };
    const { status, reason, shown } = await this.store.act(wish);
    if (!shown && status !== 202) this.onToast(reason);
  }
}
