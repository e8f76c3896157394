/** A small menu at a point of the screen. */

import { arrows, h } from "./dom.js";
import { icon } from "./icons.js";

let open = null;

/** `items`: [{ label, icon, act, danger }] */
export function menu(point, items) {
  close();
  const back = document.activeElement;
  const list = h(
    "div",
    { class: "menu", role: "menu" },
    items.map((item) =>
      h(
        "button",
        {
          type: "button",
          role: "menuitem",
          class: item.danger ? "danger" : "",
          on: {
            click: () => {
              close();
              item.act();
            },
          },
        },
        icon(item.icon),
        item.label,
      ),
    ),
  );
  arrows(list, "button");
  document.body.append(list);
  place(list, point);
  list.querySelector("button").focus();
  open = { list, back };
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", escape, true);
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
