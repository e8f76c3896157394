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
export function ask(text, { title, yes, danger = false } = {}) {
  return new Promise((resolve) => {
    const answer = (value) => () => {
      box.close(value);
    };
    const box = h(
      "dialog",
      { class: "dialog", "aria-label": title ?? text },
      title && h("h2", { dir: "auto" }, title),
      h("p", { dir: "auto" }, text),
      h(
        "div",
        { class: "dialog-buttons" },
        yes && h("button", { class: "quiet", type: "button", on: { click: answer("no") } }, "Cancel"),
        h("button", { class: danger ? "danger" : "primary", type: "button", autofocus: true, on: { click: answer("yes") } }, yes ?? "OK"),
      ),
    );
    box.addEventListener("close", () => {
      resolve(box.returnValue === "yes");
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
