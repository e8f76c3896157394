/** Where a person writes: text, files, an answer to a message, or a correction of one. */

import * as api from "./api.js";
import { accept, attach, attachments, detachAll } from "./attachments.js";
import { author } from "./chats.js";
import { fill, h } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { complain, during } from "./notices.js";
import { previewOf } from "./preview.js";
import { isBotChat, isTopicGone, openThread, store, topicById } from "./store.js";
import { suggest, suggestionKey, suggestions } from "./suggestions.js";

const drafts = new Map();

export function composer(zone) {
  const field = h("textarea", {
    rows: 1,
    dir: "auto",
    placeholder: "Message",
    "aria-label": "Message",
    "aria-controls": "suggestions",
    autocomplete: "off",
    data: { focus: "field" },
  });
  const files = h("input", { type: "file", multiple: true, hidden: true, tabIndex: -1, "aria-label": "Files" });
  const clip = iconButton("attach", "Attach files", () => files.click());
  const go = h(
    "button",
    { type: "submit", class: "round send", title: "Send", "aria-label": "Send", disabled: true },
    icon("send"),
  );
  const about = h("div", { class: "about-bar", hidden: true });
  const startButton = h("button", { type: "button", class: "start-button" }, "Start");
  const note = h("p", { class: "composer-note", hidden: true });
  const form = h("form", { class: "composer-form" }, clip, files, field, go);
  const view = { field, go, about, form, startButton, note, reply: null, editing: null, key: null };
  view.attached = attachments(() => refresh(view));
  view.offered = suggestions((command, { send = false } = {}) => takeCommand(view, command, send));
  view.node = h("div", { class: "composer" }, view.offered.node, about, view.attached.node, form, startButton, note);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(view);
  });
  field.addEventListener("input", () => refresh(view));
  field.addEventListener("keydown", (event) => onKey(view, event));
  files.addEventListener("change", () => {
    attach(view.attached, files.files);
    files.value = "";
    field.focus();
  });
  startButton.addEventListener("click", () => during(startButton, () => api.start({ as: store.place.as })));
  accept(zone, field, (dropped) => {
    if (view.node.hidden) return;
    attach(view.attached, dropped);
    field.focus();
  });
  return view;
}

function onKey(view, event) {
  if (event.isComposing) return;
  if (suggestionKey(view.offered, event)) {
    event.preventDefault();
    return;
  }
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit(view);
  } else if (event.key === "Escape" && (view.reply || view.editing)) clearAbout(view);
  else if (event.key === "ArrowUp" && !view.field.value) editLast(view, event);
}

function editLast(view, event) {
  const last = store.thread.messages.filter((message) => message.from?.id === store.place.as && message.text).at(-1);
  if (!last) return;
  event.preventDefault();
  edit(view, last);
}

function takeCommand(view, command, send) {
  view.field.value = `/${command} `;
  view.field.focus();
  refresh(view);
  // Commands that need a word after them stay in the field.
  if (send && !["car", "bind"].includes(command)) submit(view);
}

/** Show what fits the open place: the field, the Start button, or why nobody can write. */
export function renderComposer(view) {
  const thread = openThread();
  const key = thread === undefined ? null : JSON.stringify([store.place.as, store.place.chat, thread]);
  if (key !== view.key) changePlace(view, key);
  const closed =
    Boolean(topicById(store.place.topic)?.closed) &&
    store.chat?.my_role !== "administrator" &&
    store.chat?.my_role !== "creator";
  const fresh = isBotChat() && (store.chat?.isNew || (store.thread.loaded && store.thread.messages.length === 0));
  view.node.hidden = key === null || isTopicGone();
  view.form.hidden = closed || fresh;
  view.startButton.hidden = !fresh;
  view.note.hidden = !closed;
  view.note.textContent = closed ? "This topic is closed. Reopen it at the Director’s desk to write here." : "";
}

function changePlace(view, key) {
  if (view.key) drafts.set(view.key, view.field.value);
  view.key = key;
  view.field.value = drafts.get(key) ?? "";
  clearAbout(view);
  detachAll(view.attached);
  refresh(view);
  if (key && matchMedia("(min-width: 720px) and (pointer: fine)").matches)
    requestAnimationFrame(() => view.field.focus());
}

function refresh(view) {
  const { field } = view;
  field.style.setProperty("height", "auto");
  field.style.setProperty("height", `${Math.min(field.scrollHeight, innerHeight * 0.4)}px`);
  view.go.disabled = !field.value.trim() && view.attached.files.length === 0;
  field.placeholder = view.attached.files.length ? "Caption" : "Message";
  suggest(view.offered, field.value);
  field.setAttribute("aria-expanded", String(!view.offered.node.hidden));
}

export function reply(view, message) {
  view.editing = null;
  view.reply = message;
  showAbout(view, "reply", `Reply to ${author(message)}`, message);
}

export function edit(view, message) {
  view.reply = null;
  view.editing = message;
  view.field.value = message.text;
  showAbout(view, "edit", "Edit message", message);
  refresh(view);
}

function showAbout(view, mark, title, message) {
  view.about.hidden = false;
  fill(
    view.about,
    icon(mark),
    h("span", {}, h("strong", { dir: "auto" }, title), h("span", { dir: "auto" }, previewOf(message))),
    iconButton("close", "Cancel", () => clearAbout(view), "small"),
  );
  view.field.focus();
}

function clearAbout(view) {
  if (view.editing) view.field.value = "";
  view.reply = null;
  view.editing = null;
  view.about.hidden = true;
  refresh(view);
}

async function submit(view) {
  const words = view.field.value.trim();
  const files = view.attached.files.map(({ file }) => file);
  if (!words && files.length === 0) return;
  const { as, chat } = store.place;
  const place = {
    as,
    chat_id: chat,
    thread_id: openThread() || undefined,
    reply_to_message_id: view.reply?.message_id,
  };
  const call = deliver(place, words, files, view.editing);
  const before = { value: view.field.value, reply: view.reply, editing: view.editing, key: view.key };
  view.editing = null;
  view.field.value = "";
  clearAbout(view);
  if (files.length > 0) view.node.classList.add("sending");
  try {
    await call;
    detachAll(view.attached);
  } catch (error) {
    complain(error);
    if (view.key === before.key && !view.field.value) Object.assign(view.field, { value: before.value });
    if (before.reply) reply(view, before.reply);
  } finally {
    view.node.classList.remove("sending");
    refresh(view);
  }
}

function deliver(place, words, files, editing) {
  if (editing) return api.edit({ as: place.as, chat_id: place.chat_id, message_id: editing.message_id, text: words });
  if (files.length === 0) return api.send({ ...place, text: words });
  return api.sendMedia({ ...place, caption: words, kind: kindOf(files), files });
}

const KINDS = [
  ["photo", /^image\/(jpeg|png|webp)$/],
  ["video", /^video\//],
  ["voice", /^audio\//],
];

/** An album is of one kind; a mixture goes as documents. */
function kindOf(files) {
  const kinds = new Set(files.map(({ type }) => KINDS.find(([, pattern]) => pattern.test(type))?.[0] ?? "document"));
  return kinds.size === 1 ? [...kinds][0] : "document";
}
