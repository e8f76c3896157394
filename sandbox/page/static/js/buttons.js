/** Inline keyboards: a press waits for the bot's answer, as in Telegram. */

import * as api from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { alertBox, complain, toast } from "./notices.js";
import { telegramLink } from "./route.js";
import { emit, on, store } from "./store.js";

const WAIT_MS = 20_000;

const waiting = new Map(); // "chat:message:data" -> query id, or null before it is known
const early = new Map(); // answers that came before the reply to the press

on("answer", (event) => {
  const key = [...waiting].find(([, id]) => id === event.callback_query_id)?.[0];
  if (key) finish(key, event);
  else early.set(event.callback_query_id, event);
});

export function keyboard(message) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return h(
    "div",
    { class: "keyboard" },
    rows.map((row) =>
      h(
        "div",
        { class: "keyboard-row" },
        row.map((button) => key(message, button)),
      ),
    ),
  );
}

function key(message, button) {
  const face = [h("span", { dir: "auto" }, button.text), mark(button)];
  const style = button.style ? `key key-${button.style}` : "key";
  const address = button.url ?? button.web_app?.url ?? button.login_url?.url;
  if (address) return linkKey(address, style, face);
  const name = `${store.place.chat}:${message.message_id}:${button.callback_data}`;
  const busy = waiting.has(name);
  return h(
    "button",
    {
      type: "button",
      class: busy ? `${style} busy` : style,
      disabled: Boolean(button.disabled),
      "aria-busy": busy ? "true" : null,
      data: { key: name, focus: name },
      on: { click: () => act(message, button, name) },
    },
    face,
    h("i", { class: "spinner" }),
  );
}

function mark(button) {
  if (button.url || button.web_app) return icon("link");
  return button.copy_text ? icon("copy") : null;
}

function linkKey(address, style, face) {
  const safe = /^(https?|tg):/i.test(address);
  const open = (event) => {
    const inside = telegramLink(address, store.bot);
    if (!inside) return;
    event.preventDefault();
    emit("follow", inside);
  };
  return h(
    "a",
    { class: style, href: safe ? address : null, target: "_blank", rel: "noopener noreferrer", on: { click: open } },
    face,
  );
}

async function act(message, button, name) {
  if (button.copy_text) {
    await navigator.clipboard?.writeText(button.copy_text.text);
    toast("Copied");
    return;
  }
  if (waiting.has(name)) return;
  waiting.set(name, null);
  paint(name, true);
  try {
    const { as, chat } = store.place;
    const { callback_query_id: id } = await api.press({
      as,
      chat_id: chat,
      message_id: message.message_id,
      callback_data: button.callback_data,
    });
    waiting.set(name, id);
    if (early.has(id)) finish(name, early.get(id));
    else setTimeout(() => lookUp(name, id), WAIT_MS);
  } catch (error) {
    waiting.delete(name);
    paint(name, false);
    complain(error);
  }
}

/** The stream may have been broken while the answer came. */
async function lookUp(name, id) {
  if (waiting.get(name) !== id) return;
  const known = await api.callback(id).catch(() => null);
  if (waiting.get(name) !== id) return;
  if (known?.answered) finish(name, known);
  else {
    waiting.delete(name);
    paint(name, false);
    toast("Jarvis has not answered this button. Is it running?", { bad: true });
  }
}

function finish(name, answer) {
  waiting.delete(name);
  early.delete(answer.callback_query_id);
  paint(name, false);
  if (!answer.text) return;
  if (answer.show_alert) alertBox(answer.text, store.bot?.first_name);
  else toast(answer.text);
}

function paint(name, busy) {
  for (const node of document.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)) {
    node.classList.toggle("busy", busy);
    node.setAttribute("aria-busy", String(busy));
  }
}
