/** Live updates: one stream of events per person, opened again after every break. */

import * as api from "./api.js";
import { emit, forget, loadChat, loadMessages, loadState, receive, store } from "./store.js";

const BURST_MS = 80;
const RETRY_MS = [500, 1000, 2000, 4000, 8000];

let source = null;
let watched = null;
let failures = 0;
let retry = 0;

export function watch(as) {
  if (as === watched) return;
  watched = as;
  failures = 0;
  clearTimeout(retry);
  source?.close();
  source = null;
  if (as !== null) connect();
}

function connect() {
  const stream = new EventSource(api.eventsUrl(watched));
  let broken = false;
  source = stream;
  stream.onopen = () => {
    setLive(true);
    if (failures > 0) refresh();
    failures = 0;
    broken = false;
  };
  stream.onmessage = (message) => take(JSON.parse(message.data));
  stream.onerror = () => {
    if (broken) return;
    broken = true;
    stream.close();
    if (stream !== source) return;
    setLive(false);
    retry = setTimeout(connect, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
    failures += 1;
  };
}

function setLive(live) {
  if (store.live === live) return;
  store.live = live;
  emit("live");
}

function take(event) {
  store.heard += 1;
  const act = ACTS[event.type];
  if (act) act(event);
  else refreshSoon();
}

const ACTS = {
  message: withMessage,
  edit: withMessage,
  pin: withMessage,
  delete(event) {
    forget(event.chat_id, event.message_ids ?? [event.message_id ?? event.message?.message_id]);
    refreshSoon();
  },
  callback_answer: (event) => emit("answer", event),
  topic: () => refreshSoon(),
  chat: () => refreshSoon(),
  reset: () => refresh(),
};

function withMessage(event) {
  const shown = event.message ? receive(event) : false;
  // A thread this page does not know yet may still be the open one.
  refreshSoon({ messages: !shown && event.chat_id === store.place.chat });
}

let due = 0;
let wantsMessages = false;

/** Lists are read again once for a burst of events. */
function refreshSoon({ messages = false } = {}) {
  wantsMessages ||= messages;
  if (due) return;
  due = setTimeout(() => {
    due = 0;
    const again = wantsMessages;
    wantsMessages = false;
    refresh({ messages: again });
  }, BURST_MS);
}

export async function refresh({ messages = true } = {}) {
  try {
    await loadState();
    await loadChat();
    if (messages) await loadMessages();
  } catch (error) {
    if (!(error instanceof api.Refused)) throw error;
    emit("problem", error);
  }
}
