// What the phones know: the cast, all messages, what each person has read. Asks for news every 700 ms.

import * as api from "./api.js";

const EVERY = 700;
const WHILE_HIDDEN = 3000;
const AFTER_FAILURE = 2000;

/** Events: "message" {message, fresh}, "read" {person, chat}, "line" {ok}, "world" (the stand-in began anew). */
export class Store extends EventTarget {
  people = new Map();
  chats = new Map();
  messages = new Map();
  bot = { id: "bot", name: "小单" };
  #cursor = 0;
  #world = "";
  #read = new Map();
  #seen = 0; // what was there when the page opened counts as read
  #timer = 0;
  #polling = false;
  #again = false;

  /** Fetch the cast and what was said so far; null, or the reason why not. */
  async open() {
    const { status, body } = await api.cast();
    if (status !== 200) return body.reason ?? "连不上替身平台。";
    this.bot = body.bot;
    this.first = body.phones;
    this.people = new Map(body.people.map((person, order) => [person.id, { ...person, order }]));
    this.chats = new Map(body.chats.map((chat) => [chat.id, chat]));
    this.#world = body.world;
    await this.#history();
    this.#later(EVERY);
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
    return null;
  }

  async #history() {
    for (let more = true; more; ) {
      const { status, body } = await api.since(this.#cursor);
      more = status === 200 && body.messages.length > 0;
      if (!more) break;
      this.#cursor = body.cursor;
      for (const message of body.messages) this.messages.set(message.id, message);
    }
    this.#seen = Math.max(0, ...[...this.messages.keys()].map(Number));
  }

  /** Ask for news at once. */
  hurry(after = 0) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#poll(), after);
  }

  async #poll() {
    if (this.#polling) {
      this.#again = true;
      return;
    }
    this.#polling = true;
    const { status, body } = await api.since(this.#cursor);
    this.#polling = false;
    const ok = status === 200;
    this.#tell("line", { ok });
    if (ok && body.world !== this.#world) return this.#tell("world", {});
    if (ok) {
      this.#cursor = Math.max(this.#cursor, body.cursor);
      body.messages.forEach((message) => this.take(message));
    }
    const soon = this.#again ? 0 : document.hidden ? WHILE_HIDDEN : EVERY;
    this.#again = false;
    this.#later(ok ? soon : AFTER_FAILURE);
  }

  #later(after) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#poll(), after);
  }

  /** A message, new or changed. Older news of the same message is left aside. */
  take(message) {
    const known = this.messages.get(message.id);
    if (known && known.seq >= message.seq) return;
    this.messages.set(message.id, message);
    this.#tell("message", { message, fresh: !known });
  }

  chatsOf(person) {
    return [...this.chats.values()].filter((chat) => chat.members.includes(person));
  }

  messagesOf(chat) {
    return [...this.messages.values()].filter((message) => message.chat === chat).sort((a, b) => a.id - b.id);
  }

  lastOf(chat) {
    return this.messagesOf(chat).at(-1);
  }

  /** How many lines of a chat somebody has not seen on their phone. */
  unread(person, chat) {
    const read = this.#read.get(`${person} ${chat}`) ?? this.#seen;
    const counts = (message) => Number(message.id) > read && message.by !== person && message.kind !== "note";
    return this.messagesOf(chat).filter(counts).length;
  }

  unreadOf(person, except = null) {
    const others = this.chatsOf(person).filter((chat) => chat.id !== except);
    return others.reduce((sum, chat) => sum + this.unread(person, chat.id), 0);
  }

  markRead(person, chat) {
    const last = this.lastOf(chat);
    if (!last || this.#read.get(`${person} ${chat}`) === Number(last.id)) return;
    this.#read.set(`${person} ${chat}`, Number(last.id));
    this.#tell("read", { person, chat });
  }

  /** Who wrote a message, as a name. */
  nameOf(by) {
    return by === this.bot.id ? this.bot.name : (this.people.get(by)?.name ?? "");
  }

  async say(wish) {
    return this.#settled(api.say(wish));
  }

  async act(wish) {
    return this.#settled(api.act(wish));
  }

  async #settled(asked) {
    this.hurry(60); // the waiting bubble shows before the hook has answered
    const { status, body } = await asked;
    if (body.message) this.take(body.message);
    this.hurry();
    return { status, reason: body.reason ?? "", shown: Boolean(body.message) };
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** One line for a list, a banner or a screen reader. */
export function preview(message) {
  if (message.state === "recalled") return "撤回了一条消息";
  return { image: "[图片]", voice: "[语音]", location: "[位置]" }[message.kind] ?? message.text;
}
