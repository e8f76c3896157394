/** The open conversation: its head, the pinned bar and the messages. */

import * as api from "./api.js";
import { avatar, topicIcon } from "./avatar.js";
import { placeRow, renderRow, rowStamp } from "./bubble.js";
import { duration } from "./chats.js";
import { fill, h, keyed, refill } from "./dom.js";
import { count, day, dayKey } from "./format.js";
import { hintFor } from "./hints.js";
import { icon, iconButton } from "./icons.js";
import { menu } from "./menu.js";
import { complain, toast } from "./notices.js";
import { previewOf } from "./preview.js";
import { link } from "./route.js";
import { isBotChat, isForum, isTopicGone, loadOlder, openThread, reach, store, topicById } from "./store.js";
import { days } from "./thread.js";

const NEAR_PX = 120;
const REACTIONS = ["👍", "❤", "🔥", "👀", "👌"];

/** `acts`: { reply(message), edit(message), desk() } */
export function conversation(acts) {
  const head = h("header", { class: "column-head talk-head" });
  const pinned = h("button", { type: "button", class: "pinned", hidden: true });
  const days = h("div", { class: "days" });
  const drafts = h("div", { class: "drafts" });
  const scroll = h(
    "div",
    { class: "scroll", tabIndex: 0, role: "log", "aria-label": "Messages", "aria-live": "polite" },
    days,
    drafts,
  );
  const unseen = h("span", { class: "badge", hidden: true });
  const down = h(
    "button",
    { type: "button", class: "round to-bottom", hidden: true, "aria-label": "Go to the newest message" },
    icon("down"),
    unseen,
  );
  const hint = h("div", { class: "hint-area", hidden: true });
  const node = h("div", { class: "talk-messages" }, scroll, hint, down);
  const view = { head, pinned, days, drafts, scroll, unseen, down, hint, node, acts, missed: 0 };
  down.addEventListener("click", () => toBottom(view, "smooth"));
  scroll.addEventListener("scroll", () => onScroll(view), { passive: true });
  // A picture or the keyboard changes the height: who stood at the end stays there.
  const stay = new ResizeObserver(() => view.stuck && toBottom(view));
  stay.observe(days);
  stay.observe(scroll);
  return view;
}

export function renderHead(view) {
  const { chat, place } = store;
  if (place.chat === null || !chat) {
    view.head.hidden = true;
    return;
  }
  view.head.hidden = false;
  const topic =
    isForum() && place.topic !== null
      ? (topicById(place.topic) ?? { message_thread_id: place.topic, name: "Topic" })
      : null;
  const up = topic || !isForum() ? { as: place.as, chat: isForum() ? chat.id : undefined } : { as: place.as };
  const picture = topic
    ? topicIcon(topic)
    : avatar({ id: chat.id, name: chat.title, bot: isBotChat(), group: !isBotChat() });
  const words = { title: topic ? topic.name : chat.title, about: about(chat, topic) };
  refill(view.head, [up, chat.id, topic?.icon_color, words], () => [
    h("a", { class: "round back", href: link(up), "aria-label": "Back" }, icon("back")),
    picture,
    h("span", { class: "head-words" }, h("h2", { dir: "auto" }, words.title), h("small", { dir: "auto" }, words.about)),
    iconButton("desk", "Open the Director’s desk", view.acts.desk, "desk-open"),
  ]);
}

function about(chat, topic) {
  if (isBotChat()) return "bot";
  const members = count(chat.members?.length ?? chat.member_count ?? 0, "member");
  if (!topic) return members;
  return `${topic.closed ? "closed topic" : "topic"} of ${chat.title}`;
}

/** What the bot is still writing, as it writes. */
export function renderDrafts(view) {
  const shown = openThread() === undefined ? [] : (store.chat?.drafts ?? []);
  fill(
    view.drafts,
    shown.map((draft) => h("p", { class: "draft", dir: "auto" }, draft.text || "Thinking…")),
  );
  if (shown.length > 0 && view.stuck) toBottom(view);
}

export function renderMessages(view, { opened, older, arrived, mine } = {}) {
  const { thread } = store;
  const named = !isBotChat();
  const messages = isTopicGone() ? [] : thread.messages;
  const list = days(messages, { me: store.place.as, named, newFrom: thread.newFrom });
  const before = view.scroll.scrollHeight - view.scroll.scrollTop;
  view.days.classList.toggle("named", named);
  keyed(view.days, list, { key: (each) => each.key, stamp: () => "", render: daySection });
  for (const each of list) {
    const section = view.days.shown.get(each.key).node;
    section.firstChild.firstChild.textContent = day(each.date);
    section.firstChild.firstChild.setAttribute("datetime", dayKey(each.date));
    keyed(section.lastChild, each.rows, {
      key: (row) => row.key,
      stamp: rowStamp,
      render: (row, old) => rowNode(view, row, arrived && !old),
      place: placeRow,
      leave: opened ? undefined : vanish,
    });
  }
  renderHint(view);
  if (opened) open(view);
  else if (older) view.scroll.scrollTop = view.scroll.scrollHeight - before;
  else if (arrived) follow(view, mine);
}

const daySection = () =>
  h(
    "section",
    { class: "day" },
    h("div", { class: "pill-row day-mark" }, h("time", { class: "pill" })),
    h("div", { class: "day-rows" }),
  );

function rowNode(view, row, arrived) {
  const node = renderRow(row, {
    jump: (id) => jump(view, id),
    reply: view.acts.reply,
    menu: (message, point) => menu(point, choices(view, message)),
  });
  if (arrived) node.classList.add("arriving");
  return node;
}

function choices(view, message) {
  const copy = async () => {
    await navigator.clipboard?.writeText(previewOf(message));
    toast("Copied");
  };
  const mine = message.from?.id === store.place.as && message.text;
  const { as, chat } = store.place;
  const given = message.reactions?.[as]?.[0]?.emoji;
  const react = (emoji) =>
    api
      .react({ as, chat_id: chat, message_id: message.message_id, emoji: emoji === given ? "" : emoji })
      .catch(complain);
  return [
    REACTIONS.map((emoji) => ({ emoji, act: () => react(emoji) })),
    { label: "Reply", icon: "reply", act: () => view.acts.reply(message) },
    mine && { label: "Edit", icon: "edit", act: () => view.acts.edit(message) },
    { label: "Copy text", icon: "copy", act: copy },
  ].filter(Boolean);
}

async function vanish(node) {
  const { height } = node.getBoundingClientRect();
  node.classList.add("vanishing");
  const steps = [
    { height: `${height}px`, opacity: 1, transform: "none" },
    { height: `${height}px`, opacity: 0, transform: "scale(0.92)", offset: 0.6 },
    { height: "0px", opacity: 0, transform: "scale(0.92)", margin: "0" },
  ];
  await node.animate(steps, { duration: duration(320), easing: "ease-out" }).finished;
}

function open(view) {
  view.missed = 0;
  const mark = view.days.querySelector(".new-mark");
  if (mark) {
    view.stuck = false;
    mark.scrollIntoView({ block: "center" });
    onScroll(view);
  } else toBottom(view);
}

function follow(view, mine) {
  if (mine || view.stuck) toBottom(view, "smooth");
  else view.missed += 1;
  renderDown(view);
}

function toBottom(view, behavior = "instant") {
  view.stuck = true;
  view.missed = 0;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  view.scroll.scrollTo({ top: view.scroll.scrollHeight, behavior: calm ? "instant" : behavior });
  renderDown(view);
}

const gap = ({ scroll }) => scroll.scrollHeight - scroll.clientHeight - scroll.scrollTop;

async function onScroll(view) {
  // Downward movement towards the end keeps following; only moving up lets go.
  const up = view.scroll.scrollTop < (view.lastTop ?? 0);
  view.lastTop = view.scroll.scrollTop;
  if (gap(view) < 4) view.stuck = true;
  else if (up && gap(view) > NEAR_PX) view.stuck = false;
  if (gap(view) < NEAR_PX) view.missed = 0;
  renderDown(view);
  if (view.scroll.scrollTop < 400 && openThread() !== undefined) await loadOlder();
}

function renderDown(view) {
  view.down.hidden = gap(view) < NEAR_PX * 2 && view.missed === 0;
  view.unseen.hidden = view.missed === 0;
  view.unseen.textContent = String(view.missed);
}

export async function jump(view, id) {
  if (!(await reach(id))) {
    toast("That message is gone");
    return;
  }
  const row = store.thread.messages.find((message) => message.message_id === id);
  const album = store.thread.messages.find(
    (message) => row.media_group_id && message.media_group_id === row.media_group_id,
  );
  const node = view.days.querySelector(`[data-message="${album?.message_id ?? id}"]`);
  view.stuck = false;
  node.scrollIntoView({ block: "center", behavior: duration(2) === 1 ? "instant" : "smooth" });
  node.focus({ preventScroll: true });
  node.classList.remove("lit");
  void node.offsetWidth; // restarts the animation of a second jump
  node.classList.add("lit");
}

export function renderPinned(view) {
  const message = openThread() === undefined || isTopicGone() ? null : lastPinned();
  view.pinned.hidden = !message;
  if (!message) return;
  view.pinned.onclick = () => jump(view, message.message_id);
  view.pinned.setAttribute("aria-label", "Go to the pinned message");
  fill(
    view.pinned,
    icon("pin"),
    h("span", {}, h("strong", {}, "Pinned message"), h("span", { class: "any-way" }, previewOf(message))),
  );
}

const lastPinned = () => store.thread.messages.filter((message) => message.pinned).at(-1) ?? store.thread.pinned;

function renderHint(view) {
  const hint = hintFor();
  view.hint.hidden = !hint;
  if (hint) fill(view.hint, hint);
}
