/** The column of chats and, for a forum, the column of its topics. */

import { createTopic } from "./api.js";
import { avatar, topicIcon } from "./avatar.js";
import { arrows, h, keyed, refill } from "./dom.js";
import { count, fullName, lastSaid, stamp } from "./format.js";
import { icon, iconButton } from "./icons.js";
import { askText, complain } from "./notices.js";
import { go, link } from "./route.js";
import { listText } from "./service.js";
import { generalOf, store } from "./store.js";

export function chatList() {
  const list = h("nav", { class: "chat-list", "aria-label": "Chats" });
  arrows(list, "a");
  return list;
}

export function renderChats(list) {
  const items = store.chats.map((chat) => ({ ...chat, open: chat.id === store.place.chat, as: store.place.as }));
  keyed(list, items, { key: (chat) => chat.id, render: chatRow });
  list.classList.toggle("is-empty", items.length === 0);
}

function chatRow(chat) {
  const isBot = chat.type === "private";
  return h(
    "a",
    {
      class: ["row", chat.open && "open", chat.unread > 0 && "has-unread"].filter(Boolean).join(" "),
      href: link({ as: chat.as, chat: chat.id }),
      "aria-current": chat.open ? "true" : null,
      title: chat.title,
      data: { chat: chat.id, focus: `chat${chat.id}` },
    },
    avatar({ id: chat.id, name: chat.title, bot: isBot, group: !isBot }),
    h(
      "span",
      { class: "row-words" },
      h(
        "span",
        { class: "row-top" },
        h("strong", { dir: "auto" }, chat.title),
        chat.is_forum && h("span", { class: "forum-mark", title: "A group with topics" }, icon("hash")),
        h("time", {}, chat.last?.date ? stamp(chat.last.date) : ""),
      ),
      h(
        "span",
        { class: "row-bottom" },
        h("span", { class: "row-text", dir: "auto" }, lastText(chat)),
        badge(chat.unread),
      ),
    ),
  );
}

function lastText(item) {
  if (item.isNew) return "Press Start to begin";
  if (item.last) return listText(item.last.text) || "Message";
  return item.message_thread_id === 0 ? "For everybody in this group" : "No messages yet";
}

function badge(unread) {
  return (
    unread > 0 &&
    h("span", { class: "badge", "aria-label": count(unread, "unread message") }, unread > 99 ? "99+" : String(unread))
  );
}

export function topicColumn() {
  const head = h("header", { class: "column-head" });
  const list = h("nav", { class: "topic-list", "aria-label": "Topics" });
  arrows(list, "a");
  return h("section", { class: "topics", hidden: true }, head, list);
}

export function renderTopics(column) {
  const { chat, place } = store;
  const shown = Boolean(chat?.is_forum && chat.id === place.chat);
  column.hidden = !shown;
  if (!shown) return;
  const [head, list] = column.children;
  const members = count(chat.members?.length ?? 0, "member");
  refill(head, [place.as, chat.id, chat.title, members], () => [
    h("a", { class: "round back", href: link({ as: place.as }), "aria-label": "Back to chats" }, icon("back")),
    h("span", { class: "head-words" }, h("h2", { dir: "auto" }, chat.title), h("small", {}, members)),
    iconButton("plus", "New topic", openTopic),
  ]);
  const topics = ordered(chat.topics ?? []).map((topic) => ({
    ...topic,
    open: topic.message_thread_id === place.topic,
    as: place.as,
    chat: chat.id,
  }));
  keyed(list, topics, { key: (topic) => topic.message_thread_id, render: topicRow, leave: fold });
}

async function openTopic() {
  const { as, chat } = store.place;
  const name = await askText("Name of the new topic", "Open");
  if (!name) return;
  const topic = await createTopic({ as, chat_id: chat, name }).catch(complain);
  if (topic) go({ as, chat, topic: topic.message_thread_id });
}

/** General first, then by the last message; what is gone is gone. */
function ordered(topics) {
  const rest = topics.filter((topic) => !topic.deleted);
  const general = generalOf(store.chat);
  return [
    ...(general.hidden ? [] : [general]),
    ...rest.sort((one, two) => lastSaid(two) - lastSaid(one) || two.message_thread_id - one.message_thread_id),
  ];
}

function topicRow(topic) {
  return h(
    "a",
    {
      class: topic.open ? "row topic-row open" : "row topic-row",
      href: link({ as: topic.as, chat: topic.chat, topic: topic.message_thread_id }),
      title: topic.name,
      "aria-current": topic.open ? "true" : null,
      data: { topic: topic.message_thread_id, focus: `topic${topic.message_thread_id}` },
    },
    topicIcon(topic),
    h(
      "span",
      { class: "row-words" },
      h(
        "span",
        { class: "row-top" },
        h("strong", { dir: "auto" }, topic.name),
        topic.closed &&
          h("span", { class: "closed-mark", title: "Closed", role: "img", "aria-label": "Closed" }, icon("lock")),
      ),
      h(
        "span",
        { class: "row-bottom" },
        h("span", { class: "row-text", dir: "auto" }, lastText(topic)),
        topic.last?.date && h("time", {}, stamp(topic.last.date)),
        badge(topic.unread),
      ),
    ),
  );
}

function fold(node) {
  node.setAttribute("aria-hidden", "true");
  return node.animate([{ opacity: 1 }, { opacity: 0, transform: "translateX(-16px)" }], {
    duration: duration(180),
    easing: "ease-in",
  }).finished;
}

export function duration(ms) {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? 1 : ms;
}

export const author = (message) => fullName(store.users.get(message.from?.id) ?? message.from);
