/** Where a client writes: text, photos as an album, files, or words that go out as a voice message. */

import { accept, attach, attachments, detachAll } from "../attachments.js";
import { h } from "../dom.js";
import { icon, iconButton } from "../icons.js";
import { complain } from "../notices.js";
import * as api from "./api.js";

export function composer(zone, { sent }) {
  const field = h("textarea", { rows: 1, dir: "auto", placeholder: "Message", "aria-label": "Message", autocomplete: "off" });
  const files = h("input", { type: "file", multiple: true, hidden: true, tabIndex: -1, "aria-label": "Files" });
  const clip = iconButton("attach", "Attach photos or files", () => files.click());
  const speak = iconButton("voice", "Send these words as a voice message", () => turn(view, !view.isSpoken));
  const go = h("button", { type: "submit", class: "round send", title: "Send", "aria-label": "Send" }, icon("send"));
  const form = h("form", { class: "composer-form" }, clip, files, field, speak, go);
  const view = { field, speak, go, form, sent, person: null, isSpoken: false, isBusy: false };
  view.attached = attachments(() => refresh(view));
  view.node = h("div", { class: "composer", hidden: true }, view.attached.node, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(view);
  });
  field.addEventListener("input", () => refresh(view));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit(view);
  });
  files.addEventListener("change", () => {
    attach(view.attached, files.files);
    files.value = "";
    field.focus();
  });
  accept(zone, field, (dropped) => view.person && attach(view.attached, dropped));
  turn(view, false);
  return view;
}

export function renderComposer(view, person) {
  if (view.person?.key === person?.key) return;
  view.person = person;
  view.node.hidden = !person;
  view.field.value = "";
  detachAll(view.attached);
  turn(view, false);
  if (person) view.field.focus();
}

function turn(view, isSpoken) {
  view.isSpoken = isSpoken;
  view.speak.setAttribute("aria-pressed", String(isSpoken));
  view.field.placeholder = isSpoken ? "What you say in the voice message" : "Message";
  view.field.classList.toggle("spoken", isSpoken);
  refresh(view);
}

function refresh(view) {
  const { field } = view;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
  const isEmpty = !field.value.trim() && (view.isSpoken || view.attached.files.length === 0);
  view.go.disabled = isEmpty || view.isBusy;
}

async function submit(view) {
  if (view.go.disabled) return;
  const text = view.field.value.trim();
  view.isBusy = true;
  refresh(view);
  try {
    await (view.isSpoken ? api.speak(view.person, text) : write(view, text));
    view.field.value = "";
    if (!view.isSpoken) detachAll(view.attached);
    turn(view, false);
    view.sent();
  } catch (error) {
    complain(error);
  } finally {
    view.isBusy = false;
    refresh(view);
    view.field.focus();
  }
}

/** One message for each file, the words under the first. */
async function write(view, text) {
  const files = view.attached.files.map(({ file }) => file);
  if (files.length === 0) return api.write(view.person, { text });
  for (const [at, file] of files.entries()) await api.write(view.person, { text: at === 0 ? text : "", file });
}
