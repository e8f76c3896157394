/** Times, sizes and names as people read them. */

const CLOCK = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", hour12: false });
const WEEKDAY = new Intl.DateTimeFormat("en", { weekday: "short" });
const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "long" });
const DAY_OF_YEAR = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", year: "numeric" });
const SHORT = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "2-digit", year: "2-digit" });

/** Telegram gives seconds since 1970; an ISO text is understood too. */
export function moment(date) {
  return new Date(typeof date === "number" ? date * 1000 : date);
}

/** When something was last said there, in milliseconds; 0 for never. */
export const lastSaid = ({ last }) => (last?.date ? moment(last.date).getTime() : 0);

export const clock = (date) => CLOCK.format(moment(date));

export function dayKey(date) {
  const at = moment(date);
  return `${at.getFullYear()}-${at.getMonth() + 1}-${at.getDate()}`;
}

function daysAgo(date) {
  const start = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
  return Math.round((start(new Date()) - start(moment(date))) / 86_400_000);
}

export function day(date) {
  const ago = daysAgo(date);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  const at = moment(date);
  return (at.getFullYear() === new Date().getFullYear() ? DAY : DAY_OF_YEAR).format(at);
}

export function stamp(date) {
  const ago = daysAgo(date);
  if (ago === 0) return clock(date);
  if (ago > 0 && ago < 7) return WEEKDAY.format(moment(date));
  return SHORT.format(moment(date));
}

export function size(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

export function length(seconds) {
  const whole = Math.max(0, Math.round(Number.isFinite(seconds) ? seconds : 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export const fullName = (user) => [user?.first_name, user?.last_name].filter(Boolean).join(" ") || "Somebody";

export function initials(name) {
  const words = name
    .replace(/[^\p{L}\p{N}\s]/gu, " ")
    .trim()
    .split(/\s+/u)
    .filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words.slice(0, 1);
  return letters.map((word) => [...word][0].toUpperCase()).join("") || "•";
}

export const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
