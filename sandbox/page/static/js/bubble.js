/** One row of the conversation: a service line, a message, or an album. */

import { keyboard } from "./buttons.js";
import { author } from "./chats.js";
import { hue, userAvatar } from "./avatar.js";
import { h } from "./dom.js";
import { clock, fullName } from "./format.js";
import { icon, iconButton } from "./icons.js";
import { captionOf, isVisual, mediaOf } from "./media.js";
import { previewOf } from "./preview.js";
import { rich } from "./richtext.js";
import { serviceText } from "./service.js";
import { fetchOne, store } from "./store.js";

/** What makes a row stale; its place among its neighbours does not, see `placeRow`. */
export const rowStamp = ({ first, last, ...row }) => JSON.stringify(row);

/** The first of a sender's messages shows the name, the last one the face. */
export function placeRow(node, row) {
  node.classList.toggle("first", row.first);
  node.classList.toggle("last", row.last);
}

/** `acts`: { jump(id), reply(message), menu(message, point) } */
export function renderRow(row, acts) {
  if (row.kind === "new")
    return h("div", { class: "pill-row new-mark", role: "separator" }, h("span", {}, "New messages"));
  if (row.kind === "service") return serviceRow(row.messages[0]);
  return messageRow(row, acts);
}

function serviceRow(message) {
  return h(
    "div",
    { class: "pill-row", data: { message: message.message_id } },
    h("span", { class: "pill", dir: "auto" }, serviceText(message)),
  );
}

function messageRow(row, acts) {
  const [message] = row.messages;
  const user = store.users.get(message.from?.id) ?? message.from ?? { id: 0 };
  const target = row.messages.find((each) => each.text) ?? message;
  const node = h(
    "article",
    {
      class: row.mine ? "message mine" : "message",
      tabIndex: -1,
      data: { message: message.message_id },
      "aria-label": `${row.mine ? "You" : author(message)}, ${clock(message.date)}`,
    },
    row.faced && h("span", { class: "face" }, userAvatar(user)),
    bubble(row, user, acts),
    quick(target, acts),
    row.messages.map((each) => keyboard(each)),
  );
  node.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, input, textarea, video")) return;
    event.preventDefault();
    acts.menu(target, { x: event.clientX, y: event.clientY });
  });
  node.addEventListener("dblclick", (event) => !event.target.closest("button, a") && acts.reply(target));
  return node;
}

function quick(message, acts) {
  return h(
    "span",
    { class: "quick" },
    iconButton("reply", "Reply", () => acts.reply(message), "small"),
    iconButton("more", "More actions", (event) => acts.menu(message, below(event)), "small"),
  );
}

function below(event) {
  const box = event.currentTarget.getBoundingClientRect();
  return { x: box.left, y: box.bottom + 4 };
}

function bubble(row, user, acts) {
  const { messages } = row;
  const words = text(messages);
  const visual = isVisual(messages);
  const kinds = ["bubble", visual && "has-media", !words && (visual ? "bare" : "wordless")].filter(Boolean).join(" ");
  return h(
    "div",
    { class: kinds },
    row.faced &&
      h(
        "div",
        { class: `sender ink-${hue(user.id)}`, dir: "auto" },
        author(messages[0]),
        user.title && h("small", { dir: "auto" }, user.title),
      ),
    forwarded(messages[0]),
    quoted(messages[0], acts),
    mediaOf(messages),
    words,
    reactions(messages),
    stamp(messages),
  );
}

function text(messages) {
  const [first] = messages;
  if (first.text || first.html) return h("div", { class: "text", dir: "auto" }, body(first.html, first.text));
  const captioned = captionOf(messages);
  return captioned && h("div", { class: "text", dir: "auto" }, body(captioned.caption_html, captioned.caption));
}

function body(html, words) {
  return html ? rich(html) : words;
}

function forwarded(message) {
  const name = message.forward_from?.first_name ?? message.forward_origin?.sender_user?.first_name;
  return name && h("div", { class: "forwarded" }, `Forwarded from ${name}`);
}

function quoted(message, acts) {
  const to = message.reply_to;
  if (!to) return null;
  const id = to.message_id ?? to;
  const known = store.thread.messages.find((each) => each.message_id === id) ?? (to.message_id ? to : null);
  const node = h(
    "button",
    {
      type: "button",
      class: `quote ink-${hue(known?.from?.id ?? 0)}`,
      "aria-label": "Go to the quoted message",
      on: { click: () => acts.jump(id) },
    },
    known?.photo?.url && h("img", { src: known.photo.url, alt: "" }),
    h(
      "span",
      {},
      h("strong", { dir: "auto" }, known?.from ? author(known) : "Message"),
      h("span", { class: "any-way" }, known ? previewOf(known) : "…"),
    ),
  );
  if (!known)
    fetchOne(id).then(
      (message) => tellQuote(node, message),
      () => tellQuote(node),
    );
  return node;
}

/** The quoted message is further up than what is loaded, or gone. */
function tellQuote(node, message) {
  const [title, line] = node.lastChild.children;
  title.textContent = message ? author(message) : "Message";
  line.textContent = message ? previewOf(message) : "Deleted message";
}

function reactions(messages) {
  const given = messages.flatMap((message) => Object.entries(message.reactions ?? {}));
  if (!given.length) return null;
  const who = (id) => fullName(store.users.get(Number(id)));
  const faces = given.flatMap(([id, kinds]) =>
    kinds.map((kind) => h("span", { class: "reaction", title: who(id) }, kind.emoji ?? "★")),
  );
  return h("span", { class: "reactions" }, faces);
}

function stamp(messages) {
  const last = messages.at(-1);
  const edited = messages.some((message) => message.edit_date);
  const pinned = messages.some((message) => message.pinned);
  const forMe = messages.some((message) => message.ephemeral_message_id);
  return h(
    "span",
    { class: "stamp" },
    forMe && h("i", {}, "only you see this"),
    pinned && icon("pin"),
    edited && h("i", { class: "edited" }, "edited"),
    h("time", {}, clock(last.date)),
  );
}
