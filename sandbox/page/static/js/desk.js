/** The Director's desk: what nobody in the company can do, but the outside world does. */

import * as api from "./api.js";
import { companyCard } from "./company.js";
import { h, refill } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { journalCard } from "./journal.js";
import { refresh } from "./live.js";
import { ask, during, toast } from "./notices.js";
import { isBotChat, isForum, store, topicById } from "./store.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** `changed` is told when the desk opens or closes: the columns share the room. */
export function desk(changed) {
  const place = h("div", { class: "desk-place" });
  const company = companyCard();
  const journal = journalCard();
  const node = h(
    "aside",
    { class: "desk", "aria-label": "Director’s desk", hidden: true },
    h(
      "header",
      { class: "column-head" },
      h("span", { class: "head-words" }, h("h2", {}, "Director’s desk"), h("small", {}, "Play the outside world")),
      iconButton("close", "Close the Director’s desk", () => closeDesk(view)),
    ),
    h("div", { class: "desk-cards" }, place, faultsCard(), clockCard(), company.node, journal.node, resetCard()),
  );
  node.addEventListener("keydown", (event) => event.key === "Escape" && closeDesk(view));
  const view = { node, place, company, journal, changed };
  return view;
}

export function toggleDesk(view) {
  if (view.node.hidden) openDesk(view);
  else closeDesk(view);
}

function openDesk(view) {
  view.back = document.activeElement;
  view.node.hidden = false;
  document.body.classList.add("desk-shown");
  view.changed();
  view.company.show();
  view.journal.show();
  view.node.querySelector("button").focus();
}

function closeDesk(view) {
  view.node.hidden = true;
  document.body.classList.remove("desk-shown");
  view.journal.hide();
  view.changed();
  view.back?.focus();
}

export function renderDesk(view) {
  if (view.node.hidden) return;
  const { chat, place, bot } = store;
  const members = chat?.members?.map((member) => [member.id, member.role]);
  const facts = [chat?.id, chat?.title, chat?.is_forum, members, bot?.id, place.topic && topicById(place.topic)];
  refill(view.place, facts, placeCard);
}

function card(title, mark, hint, ...children) {
  return h("section", { class: "desk-card" }, h("h3", {}, icon(mark), title), hint && h("p", {}, hint), children);
}

/** A button that makes one call and says that it is done. */
function doing(label, call, { done, danger = false, sure } = {}) {
  const button = h("button", { type: "button", class: danger ? "chip danger" : "chip" }, label);
  button.addEventListener("click", async () => {
    if (sure && !(await ask(sure, { yes: label, danger }))) return;
    await during(button, async () => {
      await call();
      if (done) toast(done);
      await refresh();
    });
  });
  return button;
}

const chips = (...buttons) => h("div", { class: "chips" }, buttons);

function placeCard() {
  const { chat, place, bot } = store;
  if (!chat || isBotChat()) return card("This chat", "people", "Open a group to change its topics and members.");
  const topic = isForum() && place.topic ? topicById(place.topic) : null;
  return [topic && topicCard(chat, topic), groupCard(chat, bot)];
}

function topicCard(chat, topic) {
  const where = { as: store.place.as, chat_id: chat.id, message_thread_id: topic.message_thread_id };
  return card(
    `Topic “${topic.name}”`,
    "hash",
    "As a colleague would, behind Jarvis’s back.",
    chips(
      topic.closed
        ? doing("Reopen", () => api.topic("reopen", where), { done: "Topic reopened" })
        : doing("Close", () => api.topic("close", where), { done: "Topic closed" }),
      doing("Delete", () => api.topic("delete", where), {
        done: "Topic deleted",
        danger: true,
        sure: `Delete the topic “${topic.name}” and all its messages?`,
      }),
    ),
  );
}

function groupCard(chat, bot) {
  const inside = bot && chat.members?.some((member) => member.id === bot.id);
  return card(
    `Group “${chat.title}”`,
    "people",
    null,
    chips(
      doing(chat.is_forum ? "Turn topics off" : "Turn topics on", () => api.forum(chat.id, !chat.is_forum), {
        done: "Group changed",
      }),
      bot &&
        inside &&
        doing("Remove Jarvis", () => api.member("kick", chat.id, bot.id), {
          done: "Jarvis was removed",
          danger: true,
          sure: "Remove Jarvis from this group?",
        }),
      bot && !inside && doing("Add Jarvis", () => api.member("add", chat.id, bot.id), { done: "Jarvis was added" }),
      bot &&
        inside &&
        doing("Make Jarvis administrator", () => api.member("promote", chat.id, bot.id), {
          done: "Jarvis is administrator",
        }),
    ),
  );
}

function faultsCard() {
  const times = h("input", { type: "number", min: "1", max: "100", value: "1", "aria-label": "How many calls" });
  const spoil = (label, fault) =>
    doing(label, () => api.fault({ method: "*", times: Number(times.value) || 1, ...fault }), {
      done: `Prepared: ${label.toLowerCase()}`,
    });
  return card(
    "Trouble for the bot",
    "bolt",
    "What the Bot API answers to Jarvis next.",
    h("label", { class: "line" }, "Next calls", times),
    chips(
      spoil("Too many requests, 5 s", {
        error_code: 429,
        description: "Too Many Requests: retry after 5",
        retry_after: 5,
      }),
      spoil("Server error", { error_code: 502, description: "Bad Gateway" }),
      spoil("Slow by 3 s", { latency_s: 3 }),
      spoil("Dropped connection", { drop: true }),
      doing("Clear", () => api.clearFaults(), { done: "No trouble left" }),
    ),
    h("p", {}, "Telegram’s own limits: one message a second per chat, 20 a minute per group."),
    chips(
      doing("Limits on", () => api.limits(true), { done: "Telegram’s limits are on" }),
      doing("Limits off", () => api.limits(false), { done: "Telegram’s limits are off" }),
    ),
  );
}

function clockCard() {
  const on = (label, seconds) =>
    doing(label, () => api.clock(seconds), { done: `The clock went on by ${label.slice(1)}` });
  return card(
    "Clock",
    "clock",
    "Messages get old: old ones can no longer be edited or deleted by the bot.",
    chips(on("+1 minute", MINUTE), on("+1 hour", HOUR), on("+1 day", 24 * HOUR), on("+3 days", 72 * HOUR)),
  );
}

function resetCard() {
  return card(
    "Start over",
    "trash",
    null,
    chips(
      doing("Forget everything", () => api.post("/_sandbox/telegram/reset"), {
        danger: true,
        done: "Everything is as at the start",
        sure: "Forget all messages and topics of this sandbox?",
      }),
    ),
  );
}
