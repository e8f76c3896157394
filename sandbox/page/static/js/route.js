/** The address after `#`: who I am, which chat, which topic. A copied link opens the same place. */

export function here() {
  const words = new URLSearchParams(location.hash.slice(1));
  const number = (name) => (/^-?\d+$/.test(words.get(name) ?? "") ? Number(words.get(name)) : null);
  return { as: number("as"), chat: number("chat"), topic: number("topic") };
}

export function link({ as, chat, topic }) {
  const words = Object.entries({ as, chat, topic }).filter(([, value]) => value !== null && value !== undefined);
  return `#${words.map(([name, value]) => `${name}=${value}`).join("&")}`;
}

export function go(place) {
  const target = link(place);
  if (location.hash !== target) location.hash = target;
}

/**
 * Where a Telegram link leads inside the sandbox: `t.me/c/<chat>/<topic>[/<message>]`
 * or `t.me/<bot>?start=<payload>`; null for any other address.
 */
export function telegramLink(address, bot) {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !["t.me", "telegram.me"].includes(url.hostname)) return null;
  const inside = url.pathname.match(/^\/c\/(\d+)\/(\d+)(?:\/(\d+))?\/?$/);
  if (inside)
    return { chat: Number(`-100${inside[1]}`), topic: Number(inside[2]), message: Number(inside[3] ?? 0) || null };
  const name = url.pathname.slice(1).toLowerCase();
  if (bot?.username && name === bot.username.toLowerCase()) return { start: url.searchParams.get("start") ?? "" };
  return null;
}
