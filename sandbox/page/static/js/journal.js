/** What the bot called lately: the desk's look behind the curtain. */

import * as api from "./api.js";
import { h, keyed } from "./dom.js";
import { icon } from "./icons.js";
import { clock } from "./format.js";

const KEPT = 30;
const EVERY_MS = 1500;
const QUIET = new Set(["getUpdates"]);

export function journalCard() {
  const list = h("ol", { class: "journal" });
  const none = h("p", {}, "No call yet. Is Jarvis running?");
  const node = h(
    "details",
    { class: "desk-card" },
    h("summary", {}, h("h3", {}, icon("list"), "What Jarvis called")),
    none,
    list,
  );
  const view = { node, list, none, calls: [], since: undefined, timer: 0 };
  node.addEventListener("toggle", () => (node.open ? poll(view) : clearTimeout(view.timer)));
  return { node, show: () => node.open && poll(view), hide: () => clearTimeout(view.timer) };
}

async function poll(view) {
  clearTimeout(view.timer);
  const answer = await api.journal(view.since).catch(() => null);
  if (answer) take(view, answer.calls);
  if (view.node.open && view.node.isConnected) view.timer = setTimeout(() => poll(view), EVERY_MS);
}

function take(view, calls) {
  if (calls.length) view.since = calls.at(-1).n;
  const known = new Set(view.calls.map((call) => call.n));
  const fresh = calls.filter((call) => !QUIET.has(call.method) && !known.has(call.n));
  view.calls = [...view.calls, ...fresh].slice(-KEPT);
  view.none.hidden = view.calls.length > 0;
  keyed(view.list, [...view.calls].reverse(), { key: (call) => call.n, stamp: (call) => String(call.n), render: line });
}

function line(call) {
  const why = call.ok ? "" : (call.error?.description ?? call.error ?? "refused");
  const item = h(
    "li",
    { class: call.ok ? "" : "bad" },
    h("time", {}, call.at ? clock(call.at) : ""),
    h("code", {}, call.method),
    why && h("small", {}, String(why)),
  );
  item.title = JSON.stringify(call.params);
  return item;
}
