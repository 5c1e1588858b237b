// Times as a phone shows them, in the community's own zone.

const ZONE = "Asia/Shanghai";
const GAP = 5 * 60; // seconds between two bubbles before the time is said again

const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });
const date = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, month: "long", day: "numeric" });

export const hour = (seconds) => clock.format(new Date(seconds * 1000));

/** "09:05", "昨天 09:05" or "11月3日 09:05". */
export function moment(seconds, now = Date.now() / 1000) {
  const then = day.format(new Date(seconds * 1000));
  if (then === day.format(new Date(now * 1000))) return hour(seconds);
  if (then === day.format(new Date((now - 86400) * 1000))) return `昨天 ${hour(seconds)}`;
  return `${date.format(new Date(seconds * 1000))} ${hour(seconds)}`;
}

/** Whether the time is to be said before `next`. */
export const pause = (former, next) => !former || next.time - former.time > GAP;
