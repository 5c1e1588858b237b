// Building the page. Text reaches it only as text nodes: a hostile name is a name, nothing more.

/**
 * Make an element. `props`: class, text, on (event -> handler), aria (name -> value), data (name -> value),
 * anything else is an attribute; false and null leave it out. Children: elements, strings, null.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) give(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function give(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") node.className = value;
  else if (name === "text") node.textContent = value;
  else if (name === "on") for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
  else if (name === "aria") for (const [key, said] of Object.entries(value)) node.setAttribute(`aria-${key}`, said);
  else if (name === "data") Object.assign(node.dataset, value);
  else node.setAttribute(name, value === true ? "" : value);
}

const PATHS = {
  back: "M15 5l-7 7 7 7",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  quote: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6",
  undo: "M4 5v5h5M4.5 10a8 8 0 1 1-.5 5",
  check: "M5 12.5l4.5 4.5L19 7.5",
  swap: "M7 4L3 8l4 4M3 8h14M17 12l4 4-4 4M21 16H7",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
  voice: "M12 4a3 3 0 0 1 3 3v4a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v3",
  place: "M12 21s6-5.6 6-11a6 6 0 0 0-12 0c0 5.4 6 11 6 11zM12 11.5h.01",
  follow: "M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM3 20a7 7 0 0 1 14 0M18 8v6M15 11h6",
  leave: "M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM3 20a7 7 0 0 1 14 0M15 11h6",
  join: "M4 6h16v10H9l-5 4z",
};

/** A drawn sign, hidden from screen readers. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  drawing.append(path);
  return drawing;
}

/** A button; the label is what a screen reader says where `text` is not given. */
export function button(props, ...children) {
  const { label, ...rest } = props;
  return el("button", { type: "button", ...(label ? { aria: { label }, title: label } : {}), ...rest }, ...children);
}
