// One message of a conversation.

import { face, house } from "./avatar.js";
import { button, el, icon } from "./dom.js";
import { preview } from "./store.js";

const NUMBER = /((?:\(#\d{1,6}\)|#\d{1,6})[。，、；：]?)/; // with its brackets, which the drawn pill stands for

/**
 * An <li> for a message. `acts`: onQuote(message), onNumber("#128"), onRecall(message), onAgain(message), onMissing().
 */
export function bubble(store, person, chat, message, acts) {
  if (message.state === "recalled") return note(`${who(store, person, message)}撤回了一条消息`);
  if (message.kind === "note") return note(message.text, message);
  const mine = message.by === person.id;
  const bot = message.by === store.bot.id;
  const classes = ["line", mine ? "mine" : "theirs", bot ? "from-bot" : "", `is-${message.state}`];
  return el(
    "li",
    { class: classes.join(" "), data: { id: message.id, state: message.state } },
    bot ? house() : face(store.people.get(message.by) ?? { id: message.by, name: "?" }),
    el(
      "div",
      { class: "said" },
      el("span", { class: chat.kind === "group" && !mine ? "by" : "unseen", text: `${store.nameOf(message.by)}${bot ? " · 社区助手" : ""}` }),
      el("div", { class: "beside" }, body(store, message, chat, acts), tools(chat, message, mine, acts)),
      message.quoted ? quotation(store, message.quoted) : null,
      message.reason ? el("p", { class: "why", text: message.reason }) : null,
    ),
  );
}

function note(text, message = null) {
  const failed = message?.state === "failed";
  return el("li", { class: "note", data: message ? { id: message.id, state: message.state } : {} }, el("span", { text: failed ? `${text} · ${message.reason}` : text }));
}

function who(store, person, message) {
  return message.by === person.id ? "您" : store.nameOf(message.by);
}

function body(store, message, chat, acts) {
  const quote = () => getSelection()?.toString() || acts.onQuote(message);
  const content = { image: picture, voice, location: place }[message.kind] ?? words;
  return el("div", { class: `bubble of-${message.kind}`, on: { click: quote } }, content(message, acts));
}

function words(message, acts) {
  return message.text.split(NUMBER).map((part) => (NUMBER.test(part) ? number(part, acts) : part));
}

/** A number as a pill; what ends the sentence stays on its line. */
function number(part, acts) {
  const text = /#\d+/.exec(part)[0];
  const click = (event) => {
    event.stopPropagation();
    acts.onNumber(text);
  };
  const pill = button({ class: "number", text, title: `写上 ${text}`, on: { click } });
  return el("span", { class: "kept" }, pill, /[^)\d]$/.test(part) ? part.at(-1) : null);
}

function picture() {
  return [el("span", { class: "photo", aria: { hidden: "true" } }), el("span", { class: "unseen", text: "图片" })];
}

function voice(message) {
  const waves = el("span", { class: "waves", aria: { hidden: "true" } }, el("i"), el("i"), el("i"));
  return [waves, el("span", { class: "unseen", text: "语音" }), el("span", { text: "8″" }), message.text ? el("span", { text: message.text }) : null];
}

function place(message) {
  return [el("span", { class: "map", aria: { hidden: "true" } }), el("span", { text: message.text || "我的位置" })];
}

function tools(chat, message, mine, acts) {
  if (message.state === "failed") {
    return button({ class: "again", label: "没发出去，再发一次", on: { click: () => acts.onAgain(message) } }, "!");
  }
  if (message.state === "pending") return el("span", { class: "waiting", role: "img", aria: { label: "正在发" } });
  const quote = chat.quotes
    ? button({ class: "tool", label: "引用", on: { click: () => acts.onQuote(message) } }, icon("quote"))
    : null;
  const recall =
    mine && chat.recalls
      ? button({ class: "tool", label: "撤回", on: { click: () => acts.onRecall(message) } }, icon("undo"))
      : null;
  return el("span", { class: "tools" }, quote, recall);
}

function quotation(store, id) {
  const quoted = store.messages.get(id);
  const text = quoted ? `${store.nameOf(quoted.by)}：${preview(quoted)}` : "引用的消息不在了";
  return el("p", { class: "quoted", text });
}
