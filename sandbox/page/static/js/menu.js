/** A small menu at a point of the screen. */

import { arrows, h } from "./dom.js";
import { icon } from "./icons.js";

let open = null;

/** `items`: [{ label, icon, act }], and lists of { emoji, act } that share one line. */
export function menu(point, items) {
  close();
  const back = document.activeElement;
  const list = h(
    "div",
    { class: "menu", role: "menu" },
    items.map((item) => (Array.isArray(item) ? h("div", { class: "menu-line" }, item.map(choice)) : choice(item))),
  );
  arrows(list, "button");
  document.body.append(list);
  place(list, point);
  list.querySelector("button").focus();
  open = { list, back };
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", escape, true);
}

function choice(item) {
  const act = () => {
    close();
    item.act();
  };
  const face = item.emoji ?? [icon(item.icon), item.label];
  return h("button", { type: "button", role: "menuitem", on: { click: act } }, face);
}

function place(list, { x, y }) {
  const box = list.getBoundingClientRect();
  const left = Math.max(8, Math.min(x, innerWidth - box.width - 8));
  const top = y + box.height + 8 > innerHeight ? Math.max(8, y - box.height) : y;
  list.style.setProperty("left", `${left}px`);
  list.style.setProperty("top", `${top}px`);
}

function outside(event) {
  if (!open?.list.contains(event.target)) close();
}

function escape(event) {
  if (event.key !== "Escape" && event.key !== "Tab") return;
  event.preventDefault();
  event.stopPropagation();
  const { back } = open;
  close();
  back?.focus();
}

function close() {
  document.removeEventListener("pointerdown", outside, true);
  document.removeEventListener("keydown", escape, true);
  open?.list.remove();
  open = null;
}
