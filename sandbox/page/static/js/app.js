/** The page: puts the columns together and follows the address. */

import { chatList, renderChats, renderTopics, topicColumn } from "./chats.js";
import { composer, edit, renderComposer, reply } from "./composer.js";
import { desk, renderDesk, toggleDesk } from "./desk.js";
import { fill, h } from "./dom.js";
import { iconButton } from "./icons.js";
import { refresh, watch } from "./live.js";
import { complain } from "./notices.js";
import { renderSwitcher, renderWelcome, switcher } from "./people.js";
import { go, here, telegramLink } from "./route.js";
import * as api from "./api.js";
import { isForum, loadChat, loadMessages, loadState, on, openThread, store } from "./store.js";
import { conversation, jump, renderDrafts, renderHead, renderMessages, renderPinned } from "./talk.js";

const RETRY_MS = 3000;

const app = document.getElementById("app");
const welcome = h("div", { class: "welcome-place" });
const columns = frame();
let wanted = null; // the message a link asked for, until its thread is loaded

function frame() {
  const who = switcher();
  const chats = chatList();
  const topics = topicColumn();
  const talk = h("main", { class: "talk" });
  const deskView = desk(() => render());
  const writing = composer(talk);
  const view = conversation({
    reply: (message) => reply(writing, message),
    edit: (message) => edit(writing, message),
    desk: () => toggleDesk(deskView),
  });
  talk.prepend(view.head, view.pinned, view.node, writing.node);
  const live = h("span", { class: "live", role: "status" });
  const sidebar = h(
    "section",
    { class: "sidebar" },
    h("header", { class: "column-head" }, who),
    chats,
    h(
      "footer",
      { class: "sidebar-foot" },
      live,
      h(
        "span",
        { class: "sandbox-note", title: "No message leaves this computer." },
        "Sandbox: everything here is simulated",
      ),
      iconButton("desk", "Open the Director’s desk", () => toggleDesk(deskView), "small desk-open"),
    ),
  );
  return { who, chats, topics, talk, view, writing, live, deskView, all: [sidebar, topics, talk, deskView.node] };
}

function render() {
  const { place } = store;
  if (place.as === null || !store.me) {
    app.dataset.view = "people";
    fill(app, welcome);
    renderWelcome(welcome);
    document.title = "Jarvis sandbox";
    return;
  }
  if (!columns.talk.isConnected) fill(app, columns.all);
  app.dataset.view = step(place);
  app.classList.toggle("narrow", isForum() && isTight());
  renderSwitcher(columns.who);
  renderChats(columns.chats);
  renderTopics(columns.topics);
  renderHead(columns.view);
  renderPinned(columns.view);
  renderDrafts(columns.view);
  renderComposer(columns.writing);
  renderDesk(columns.deskView);
  renderTitle();
}

/** The chats shrink to faces where a forum's topics, or the desk beside them, need the room. */
function isTight() {
  return innerWidth < (columns.deskView.node.hidden ? 1100 : 1500);
}

/** The one column a phone shows. */
function step(place) {
  if (place.chat === null) return "chats";
  return openThread() === undefined && isForum() ? "topics" : "talk";
}

function renderTitle() {
  const unread = store.chats.reduce((sum, chat) => sum + (chat.unread ?? 0), 0);
  const title = store.chat?.title ?? "Jarvis sandbox";
  document.title = unread > 0 ? `(${unread}) ${title}` : title;
}

function renderLive() {
  columns.live.classList.toggle("broken", !store.live);
  columns.live.textContent = store.live ? "" : "Connecting…";
}

async function follow() {
  const before = store.place;
  store.place = here();
  const { as, chat } = store.place;
  watch(as);
  if (before.chat !== chat || before.as !== as)
    store.chat = store.chats.find((each) => each.id === chat && before.as === as) ?? null;
  try {
    if (before.as !== as || store.users.size === 0) await loadState();
    await loadChat();
    const unread = unreadHere();
    await loadMessages({ unread });
    if (unread > 0) await refresh({ messages: false });
  } catch (error) {
    if (!(error instanceof api.Refused)) throw error;
    complain(error);
    if (!store.known) setTimeout(follow, RETRY_MS);
  }
  render();
  if (wanted) await jump(columns.view, wanted);
  wanted = null;
}

function unreadHere() {
  const chat = store.chats.find((each) => each.id === store.place.chat);
  if (!chat?.is_forum) return chat?.unread ?? 0;
  return store.chat?.topics?.find((topic) => topic.message_thread_id === store.place.topic)?.unread ?? 0;
}

async function followTelegram({ start, chat, topic, message }) {
  const { as } = store.place;
  if (start !== undefined) {
    await api.start({ as, payload: start || undefined }).catch(complain);
    go({ as, chat: as });
    return;
  }
  const known = store.chats.find((each) => each.id === chat);
  if (!known) {
    complain({ message: "You are not a member of that group." });
    return;
  }
  go({ as, chat, topic: known.is_forum ? topic : undefined });
  // The open thread changes with the address; the message is looked for once it is there.
  const target = message ?? (known.is_forum ? null : topic);
  if (target) wanted = target;
}

document.addEventListener("click", (event) => {
  const inside = telegramLink(event.target.closest("a.text-link")?.href ?? "", store.bot);
  if (!inside) return;
  event.preventDefault();
  followTelegram(inside);
});

on("chats", render);
on("chat", () => {
  render();
  renderMessages(columns.view); // a topic that was deleted takes its messages away
});
on("messages", (how) => {
  renderMessages(columns.view, how);
  renderPinned(columns.view);
  renderComposer(columns.writing);
});
on("pinned", () => renderPinned(columns.view));
on("live", renderLive);
on("problem", complain);
on("follow", followTelegram);
window.addEventListener("hashchange", follow);
window.addEventListener("resize", () => store.me && render());
document.addEventListener("visibilitychange", () => !document.hidden && store.place.as !== null && refresh());
follow();
