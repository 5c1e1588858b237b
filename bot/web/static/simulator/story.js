// How far the newcomer's story has come, read from the messages alone.

/**
 * The three steps: a resident says something; a leader answers, mostly on the card that came; the resident is told.
 * Returns {reporter, cardChat, done: [said, answered, told]} for the messages after `from` (an id).
 */
export function progress(store, from = 0) {
  const lines = [...store.messages.values()].filter((line) => Number(line.id) > from && line.kind !== "note");
  const story = new Story(store, lines.sort((a, b) => a.id - b.id));
  const report = story.report();
  if (!report) return { reporter: null, cardChat: null, done: [false, false, false] };
  const card = story.card();
  const answer = story.answer(report, card);
  const told = answer && story.told(report, answer);
  return { reporter: report.by, cardChat: card?.chat ?? null, done: [true, Boolean(answer), Boolean(told)] };
}

class Story {
  constructor(store, lines) {
    this.store = store;
    this.lines = lines;
  }

  /** The last thing a resident said before the first card; chatter that nobody answered is none. */
  report() {
    const card = this.card();
    const before = card ? this.lines.filter((line) => Number(line.id) < Number(card.id)) : this.lines;
    return before.filter((line) => this.#by(line, "resident") && this.#after(line, (later) => this.#bot(later))).at(-1);
  }

  /** The bot's first line, after a resident's, in a chat where a leader is and no resident who spoke. */
  card() {
    const spoken = new Set();
    return this.lines.find((line) => {
      if (this.#by(line, "resident")) spoken.add(line.by);
      const members = this.store.chats.get(line.chat)?.members ?? [];
      const leads = members.some((id) => this.store.people.get(id)?.part === "leader");
      return spoken.size > 0 && this.#bot(line) && leads && !members.some((id) => spoken.has(id));
    });
  }

  /** A leader's word after the card; without one (the unit's group is the way), their word where it was reported. */
  answer(report, card) {
    const here = (line) => this.#by(line, "leader") && (card || line.chat === report.chat);
    return this.#after(card ?? report, here);
  }

  /** The resident is told where they reported, or in private. */
  told(report, answer) {
    return this.#after(answer, (line) => {
      const chat = this.store.chats.get(line.chat);
      const hers = chat?.kind === "private" && chat.members.includes(report.by);
      return this.#bot(line) && (line.chat === report.chat || hers);
    });
  }

  #by(line, part) {
    return this.store.people.get(line.by)?.part === part && line.state === "sent";
  }

  #bot(line) {
    return line.by === this.store.bot.id;
  }

  #after(mark, test) {
    return this.lines.find((line) => Number(line.id) > Number(mark.id) && test(line));
  }
}
