/** Short notes to the person: toasts, alerts, questions. */

import { h } from "./dom.js";

const SHOWN_MS = 4200;

let shelf = null;

export function toast(text, { bad = false } = {}) {
  shelf ??= document.body.appendChild(h("div", { class: "toasts", role: "status", "aria-live": "polite" }));
  const note = h("div", { class: bad ? "toast bad" : "toast", dir: "auto" }, text);
  shelf.append(note);
  const go = () => note.remove();
  note.addEventListener("click", go);
  setTimeout(() => {
    note.classList.add("going");
    setTimeout(go, 200);
  }, SHOWN_MS);
}

export const complain = (error) => toast(error.message, { bad: true });

/** Ask in a dialog; resolves to true for yes. Without `yes` it is an alert with one button. */
export const ask = async (text, { title, yes, danger } = {}) =>
  (await dialog(h("p", { dir: "auto" }, text), { title, yes, danger, name: title ?? text })) === "yes";

/** Ask for a line of text; resolves to it, or to null when the person thinks better of it. */
export async function askText(title, yes) {
  const field = h("input", {
    class: "search",
    required: true,
    maxLength: 128,
    dir: "auto",
    "aria-label": title,
    autocomplete: "off",
    autofocus: true,
  });
  const answer = await dialog(field, { title, yes, name: title });
  return answer === "yes" ? field.value.trim() || null : null;
}

function dialog(content, { title, yes, danger = false, name }) {
  return new Promise((resolve) => {
    const cancel =
      yes && h("button", { class: "quiet", type: "button", on: { click: () => box.close("no") } }, "Cancel");
    const go = h("button", { class: danger ? "danger" : "primary", value: "yes", autofocus: true }, yes ?? "OK");
    const form = h(
      "form",
      { method: "dialog" },
      title && h("h2", { dir: "auto" }, title),
      content,
      h("div", { class: "dialog-buttons" }, cancel, go),
    );
    const box = h("dialog", { class: "dialog", "aria-label": name }, form);
    box.addEventListener("close", () => {
      resolve(box.returnValue);
      box.remove();
    });
    document.body.append(box);
    box.showModal();
  });
}

export const alertBox = (text, title) => ask(text, { title });

/** Run a button's call: busy while it lasts, a note when it is refused. */
export async function during(button, call) {
  button.disabled = true;
  try {
    return await call();
  } catch (error) {
    complain(error);
    return null;
  } finally {
    button.disabled = false;
  }
}
