/** A client's own screen: what they wrote with what became of it, and the company's answers. */

import { h, keyed, refill } from "../dom.js";
import { clock, day, dayKey } from "../format.js";
import { icon } from "../icons.js";
import { isVisual, mediaOf } from "../media.js";
import { CHANNELS, faceOf } from "./roster.js";

// Pictures of one album come as messages of their own, close together.
const ALBUM_MS = 8000;
const ALBUM_MOST = 10;
const NEAR_PX = 120;

const FATES = {
  taken: ["checks", "Jarvis has it"],
  waiting: ["clock", "On its way to Jarvis"],
  lost: ["check", "In Umnico; Jarvis was not told"],
};

export function talk() {
  const head = h("header", { class: "column-head talk-head" });
  const days = h("div", { class: "days" });
  const hint = h("div", { class: "hint-area" });
  const scroll = h(
    "div",
    { class: "scroll", tabIndex: 0, role: "log", "aria-label": "Conversation with the company" },
    days,
  );
  return { head, days, hint, scroll, node: h("div", { class: "talk-messages" }, scroll, hint), who: null, messages: [] };
}

export function renderTalk(view, person, screen) {
  renderHead(view, person);
  const isOther = view.who !== person?.key;
  const isAtEnd = view.scroll.scrollHeight - view.scroll.scrollTop - view.scroll.clientHeight < NEAR_PX;
  view.who = person?.key ?? null;
  view.messages = (screen?.saw ?? []).map(asShown);
  const count = view.days.querySelectorAll("article").length;
  keyed(view.days, items(view.messages, screen), {
    key: (item) => `${view.who}/${item.key}`,
    render: (item) => ITEMS[item.kind](item, view),
  });
  const grew = view.days.querySelectorAll("article").length > count;
  if (isOther || (grew && (isAtEnd || view.messages.at(-1)?.from === "client")))
    view.scroll.scrollTop = view.scroll.scrollHeight;
  renderHint(view, person);
}

function renderHead(view, person) {
  refill(view.head, person?.key ?? null, () =>
    person
      ? [
          h("a", { class: "round back", href: "#", "aria-label": "Back to the clients" }, icon("back")),
          faceOf(person),
          h(
            "span",
            { class: "head-words" },
            h("h2", { dir: "auto" }, person.name),
            h("small", { title: person.about }, person.about),
          ),
          h(
            "span",
            { class: `channel-badge channel-${person.channel}`, title: address(person) },
            h("span", { class: "channel-mark" }),
            h("span", {}, CHANNELS[person.channel]),
            h("bdi", { dir: "ltr" }, address(person)),
          ),
        ]
      : [],
  );
}

const address = ({ channel, login }) => (channel === "whatsapp" ? `+${login}` : `@${login}`);

function renderHint(view, person) {
  const [title, words] = person
    ? ["Nothing written yet", `You are ${person.name}. Write as they would, in their language: Jarvis's people will see it.`]
    : ["Whose phone do you hold?", "Choose a client on the left. What you write goes to the company through Umnico."];
  refill(view.hint, [title, words, view.messages.length > 0], () =>
    view.messages.length
      ? []
      : h("div", { class: "empty" }, h("strong", {}, title), h("span", { dir: "auto" }, words)),
  );
}

/** A message in the shape that the players and albums of the chat page know. */
function asShown(message) {
  const shown = { ...message, message_id: message.message_id };
  for (const file of message.attachments) {
    const place = { url: file.path, file_name: file.name, mime_type: file.mime };
    if (file.type === "photo") shown.photo = place;
    else if (file.type === "video") shown.video = place;
    else if (file.type === "audio") shown.voice = place;
    else shown.document = place;
  }
  return shown;
}

/** Days, bubbles and failures in their order. */
function items(messages, screen) {
  const rows = [];
  for (const message of messages) {
    const before = rows.at(-1);
    if (isNextOfAlbum(before, message)) before.messages.push(message);
    else rows.push({ kind: "message", key: message.message_id, at: message.at, messages: [message], mine: message.from === "client" });
  }
  for (const row of rows) {
    row.fate = row.mine ? worst(row.messages.map((each) => screen.told?.[each.message_id] ?? "waiting")) : null;
  }
  const failed = (screen?.failed_sends ?? []).map(({ n, at, why }) => ({ kind: "failure", key: `failure${n}`, at, why }));
  const all = [...rows, ...failed].sort((one, two) => (one.at < two.at ? -1 : 1));
  return all.flatMap((row, at) => {
    row.first = at === 0 || all[at - 1].mine !== row.mine || all[at - 1].kind !== row.kind;
    row.last = at === all.length - 1 || all[at + 1].mine !== row.mine || all[at + 1].kind !== row.kind;
    const isNewDay = at === 0 || dayKey(all[at - 1].at) !== dayKey(row.at);
    return isNewDay ? [{ kind: "day", key: dayKey(row.at), at: row.at }, row] : [row];
  });
}

function isNextOfAlbum(row, message) {
  const last = row?.messages.at(-1);
  return (
    last?.photo &&
    message.photo &&
    !message.text &&
    last.from === message.from &&
    row.messages.length < ALBUM_MOST &&
    new Date(message.at) - new Date(last.at) < ALBUM_MS
  );
}

const worst = (fates) => ["lost", "waiting", "taken"].find((fate) => fates.includes(fate));

const ITEMS = {
  day: ({ at }) => h("div", { class: "pill-row day-mark" }, h("time", { class: "pill" }, day(at))),
  failure: ({ why }) =>
    h("div", { class: "pill-row" }, h("span", { class: "pill bad", role: "status" }, failureWords(why))),
  message: bubbleRow,
};

function failureWords(why) {
  if (why === "dropped") return "The line to Jarvis broke while it was sending";
  return `An answer of the company did not get through (${why.split(":")[0]})`;
}

function bubbleRow(row, view) {
  const { messages, mine, fate } = row;
  const words = messages.find((each) => each.text)?.text;
  const visual = isVisual(messages);
  const kinds = ["bubble", visual && "has-media", !words && (visual ? "bare" : "wordless")].filter(Boolean).join(" ");
  const kind = ["message", mine && "mine", row.first && "first", row.last && "last"].filter(Boolean).join(" ");
  return h(
    "article",
    { class: kind, data: { message: row.key }, "aria-label": `${mine ? "You" : "The company"}, ${clock(row.at)}` },
    h(
      "div",
      { class: kinds },
      mediaOf(messages, () => view.messages),
      words && h("div", { class: "text", dir: "auto" }, words),
      stampOf(messages, fate),
    ),
  );
}

function stampOf(messages, fate) {
  const [mark, words] = FATES[fate] ?? [];
  return h(
    "span",
    { class: "stamp" },
    messages.some((each) => each.edited_at) && h("i", { class: "edited" }, "edited"),
    h("time", { datetime: messages[0].at }, clock(messages[0].at)),
    mark && h("span", { class: `fate fate-${fate}`, title: words, role: "img", "aria-label": words }, icon(mark)),
  );
}

