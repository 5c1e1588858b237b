// The four calls to our own proxy. None of them throws: a failure is a status of 0 and a reason to show.

const BASE = new URL("../api/", import.meta.url);
const UNREACHABLE = "连不上服务，消息没有发出去。";

async function call(path, options = {}) {
  try {
    const answer = await fetch(new URL(path, BASE), { signal: AbortSignal.timeout(8000), ...options });
    return { status: answer.status, body: await answer.json() };
  } catch {
    return { status: 0, body: { reason: UNREACHABLE } };
  }
}

function post(path, wish) {
  return call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wish) });
}

export const cast = () => call("cast");
export const since = (cursor) => call(`since?cursor=${cursor}`);
/** wish: {as, chat, text, reply_to} */
export const say = (wish) => post("say", wish);
/** wish: {as, chat, do, text, message} */
export const act = (wish) => post("act", wish);
