// Faces: initials on a colour that stays with the person; the bot is a house with lit windows; a group, its members.

import { el } from "./dom.js";

const TONES = 10;

/** Neighbours in the cast get colours far from each other. */
const tone = (person) => ((person.order ?? 0) * 3) % TONES;

export const initial = (name) => [...name.trim()][0] ?? "·";

export function face(person) {
  return el("span", { class: `face tone-${tone(person)}`, text: initial(person.name), aria: { hidden: "true" } });
}

export function house() {
  const windows = Array.from({ length: 6 }, () => el("i"));
  return el("span", { class: "face house-face", aria: { hidden: "true" } }, windows);
}

export function groupFace(people) {
  const few = people.slice(0, 4);
  const faces = few.map((person) => el("i", { class: `tone-${tone(person)}`, text: initial(person.name) }));
  return el("span", { class: `face group-face of-${few.length}`, aria: { hidden: "true" } }, faces);
}

/** The face of a chat in somebody's list. */
export function chatFace(store, chat) {
  if (chat.kind === "private") return house();
  return groupFace(chat.members.map((id) => store.people.get(id)).filter(Boolean));
}
