/** What the page knows now, and the calls that refresh it. Views listen; only this module changes it. */

import * as api from "./api.js";
import { lastSaid } from "./format.js";
import { threadOf, upsert, withoutIds, withLatest } from "./thread.js";

const PAGE = 40;

export const store = {
  place: { as: null, chat: null, topic: null },
  known: false, // whether the sandbox has answered at all
  users: new Map(),
  bot: null,
  commands: [],
  me: null,
  chats: [],
  chat: null, // details of the open chat, with its topics
  thread: { key: null, messages: [], complete: false, loaded: false, newFrom: null },
  live: true,
  heard: 0, // how many events came; a page read before the last one may be stale
};

const listeners = new Map();

export function on(name, act) {
  listeners.set(name, [...(listeners.get(name) ?? []), act]);
}

export function emit(name, detail) {
  for (const act of listeners.get(name) ?? []) act(detail);
}

const sameId = (id) => (message) => message.message_id === id;

/** The thread that the place names, or undefined where a topic is still to be chosen. */
export function openThread() {
  if (store.place.chat === null || isStranger()) return undefined;
  if (!isForum()) return null;
  return store.place.topic ?? undefined;
}

/** The address names a chat that this person is not in: an old link, or somebody removed them. */
export const isStranger = () =>
  store.me !== null && store.place.chat !== null && !store.chats.some((chat) => chat.id === store.place.chat);

export function isForum() {
  return Boolean((store.chat ?? store.chats.find((chat) => chat.id === store.place.chat))?.is_forum);
}

export function topicById(id) {
  if (id === 0) return generalOf(store.chat);
  return store.chat?.topics?.find((topic) => topic.message_thread_id === id);
}

export const generalOf = (chat) => chat?.general ?? { message_thread_id: 0, name: "General", unread: 0 };

/** The open topic was deleted, by a colleague or by the bot. */
export function isTopicGone() {
  if (!isForum() || !store.place.topic || !store.chat?.topics) return false;
  return topicById(store.place.topic)?.deleted ?? true;
}
export const isBotChat = () => store.place.chat !== null && store.place.chat === store.place.as;

/** Calls one after another, so that an older answer never overwrites a newer one. */
function inTurn(call) {
  let last = Promise.resolve();
  return () => {
    const turn = last.then(call);
    last = turn.catch(() => undefined);
    return turn;
  };
}

export const loadState = inTurn(async () => {
  const asked = store.place.as;
  const state = await api.state(asked ?? undefined);
  if (asked !== store.place.as) return;
  store.known = true;
  store.users = new Map(state.users.map((user) => [user.id, user]));
  store.bot = state.users.find((user) => user.is_bot) ?? null;
  store.commands = state.commands ?? store.bot?.commands ?? [];
  store.me = asked === null ? null : (store.users.get(asked) ?? null);
  store.chats = asked === null ? [] : withBotChat(state.chats);
  emit("chats");
});

/** Before the first /start there is no private chat; the list shows the way to it. */
function withBotChat(chats) {
  if (!store.bot || !store.me || chats.some((chat) => chat.type === "private")) return sorted(chats);
  const invitation = { id: store.me.id, type: "private", title: store.bot.first_name, unread: 0, isNew: true };
  return [invitation, ...sorted(chats)];
}

const sorted = (chats) => [...chats].sort((one, two) => lastSaid(two) - lastSaid(one));

export const loadChat = inTurn(async () => {
  const { as, chat } = store.place;
  const known = store.chats.find((each) => each.id === chat);
  if (chat === null || !known || known.isNew) {
    store.chat = known ?? null;
    emit("chat");
    return;
  }
  const details = await api.chat(chat, as);
  if (chat !== store.place.chat || as !== store.place.as) return;
  store.chat = details;
  emit("chat");
});

const threadKey = () => JSON.stringify([store.place.as, store.place.chat, openThread() ?? null]);

function query(more = {}) {
  return { as: store.place.as, thread_id: openThread() ?? undefined, limit: PAGE, ...more };
}

/** A page of messages that no event has overtaken on its way. */
async function readPage(more) {
  let page = [];
  for (let tries = 0; tries < 3; tries += 1) {
    const { heard } = store;
    page = (await api.messages(store.place.chat, query(more))).messages;
    if (heard === store.heard) break;
  }
  return page;
}

/** Load the newest page; what was read further up stays. */
export async function loadMessages({ unread = 0 } = {}) {
  const key = threadKey();
  if (openThread() === undefined || store.chat?.isNew) {
    store.thread = { key, messages: [], complete: true, loaded: true, newFrom: null };
    emit("messages", { opened: true });
    return;
  }
  const opened = store.thread.key !== key;
  if (opened) {
    store.thread = { key, messages: [], complete: false, loaded: false, newFrom: null };
    emit("messages", { opened: true });
  }
  const messages = await readPage();
  if (store.thread.key !== key) return;
  const thread = store.thread;
  // After a long break a whole page may be new; what lies between is read again on the way up.
  const isGap = messages.length === PAGE && (thread.messages.at(-1)?.message_id ?? 0) < messages[0].message_id;
  thread.complete = isGap ? false : thread.loaded ? thread.complete : messages.length < PAGE;
  thread.messages = isGap ? messages : withLatest(thread.messages, messages);
  thread.loaded = true;
  if (opened && unread > 0) thread.newFrom = thread.messages.at(-unread)?.message_id ?? null;
  emit("messages", { opened });
  if (opened && !thread.complete) await findPinned(thread);
}

export async function loadOlder() {
  const thread = store.thread;
  if (!thread.loaded || thread.complete || thread.busy) return false;
  thread.busy = true;
  try {
    const messages = await readPage({ before: thread.messages[0]?.message_id });
    if (store.thread !== thread) return false;
    thread.complete = messages.length < PAGE;
    thread.messages = withLatest(messages, thread.messages);
  } finally {
    thread.busy = false;
  }
  emit("messages", { older: true });
  return !thread.complete;
}

/** One message of the open thread that is not on the page; undefined where there is none. */
export async function fetchOne(id) {
  const { messages } = await api.messages(store.place.chat, query({ before: id + 1, limit: 1 }));
  return messages.find(sameId(id));
}

// A topic's card is pinned soon after the topic is opened, so its id follows the thread's closely.
const PINS_TRIED = 3;

/** The server lists the pins of all threads together; find the one of this thread beyond the page. */
async function findPinned(thread) {
  const from = openThread() ?? 0;
  const before = thread.messages[0]?.message_id ?? 0;
  const near = (store.chat?.pinned ?? []).filter((id) => id > from && id < before).sort((one, two) => one - two);
  for (const id of near.slice(0, PINS_TRIED)) {
    const message = await fetchOne(id);
    if (store.thread !== thread) return;
    if (message) {
      thread.pinned = message;
      emit("pinned");
      return;
    }
  }
}

/** Page upwards until the message is loaded; false where it is gone. */
export async function reach(messageId) {
  const has = () => store.thread.messages.some(sameId(messageId));
  while (!has()) {
    if ((store.thread.messages[0]?.message_id ?? 0) < messageId) return false;
    if (!(await loadOlder())) return has();
  }
  return true;
}

/** Take a live message into the open thread; true where it belongs there. */
export function receive(event) {
  const thread = openThread();
  if (event.chat_id !== store.place.chat || thread === undefined || !store.thread.loaded) return false;
  if (isForum() && threadOf(event.message, store.chat) !== thread) return false;
  const fresh = !store.thread.messages.some(sameId(event.message.message_id));
  store.thread.messages = upsert(store.thread.messages, event.message);
  emit("messages", { arrived: fresh, mine: event.message.from?.id === store.place.as });
  if (fresh) markRead();
  return true;
}

/** Reading a page marks it as read; a message that came in before my eyes is read at once. */
function markRead() {
  if (!document.hidden) api.messages(store.place.chat, query({ limit: 1 })).catch(() => undefined);
}

export function forget(chatId, ids) {
  if (chatId !== store.place.chat) return;
  store.thread.messages = withoutIds(store.thread.messages, ids);
  emit("messages", {});
}
