/** Our own line icons, drawn on a grid of 24 units. */

import { h } from "./dom.js";

const NS = "http://www.w3.org/2000/svg";

const PATHS = {
  back: "M15 5l-7 7 7 7",
  send: "M4.5 12 3 4.5 21 12 3 19.5 4.5 12h7",
  attach: "M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4L15 7.2",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  down: "M6 9l6 6 6-6",
  reply: "M10 6 4 12l6 6v-3.7c5 0 8 1.2 10 4.7-.4-6-4-9-10-9.3z",
  pin: "M9 4h6l-.7 6 3.2 3.5H6.5L9.7 10zM12 13.5V20",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M8 5v14M16 5v14",
  lock: "M6.5 11h11v9h-11zM9 11V8a3 3 0 0 1 6 0v3",
  hash: "M9.5 4 8 20M16 4l-1.5 16M4.5 9H20M4 15h15.5",
  link: "M8 16 16.5 7.5M9 7h8v8",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  edit: "M4 20l1-4L16.5 4.5l3 3L8 19z",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13",
  more: "M12 6h.01M12 12h.01M12 18h.01",
  desk: "M4 7h9M17 7h3M4 12h3M11 12h9M4 17h10M18 17h2M15 5v4M9 10v4M16 15v4",
  check: "M5 12.5l4.5 4.5L19 7.5",
  checks: "M2.5 12.5l4 4L14 8.5M11 15.5l1.5 1L21 8.5",
  voice: "M12 4a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3zM5.5 12a6.5 6.5 0 0 0 13 0M12 18.5V21",
  phone: "M7 3h10v18H7zM11 18h2",
  alert: "M12 4 2.8 20h18.4zM12 10v4.5M12 17.2h.01",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
  car: "M5.5 11 7.5 6h9l2 5M4 18v-5.5c0-.8.7-1.5 1.5-1.5h13c.8 0 1.5.7 1.5 1.5V18zM6 18v2M18 18v2M7.5 14.5h.01M16.5 14.5h.01",
  clock: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4.5l3 2",
  bolt: "M13 3 5 13.5h6L10 21l8.5-10.5h-6z",
  people:
    "M9 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM3 19.5c.5-3.5 3-5 6-5s5.5 1.5 6 5M15.5 5.3a3.3 3.3 0 0 1 0 6.4M17 14.8c2.2.5 3.6 2 4 4.7",
  list: "M8 7h12M8 12h12M8 17h12M4 7h.01M4 12h.01M4 17h.01",
};

/** A round button with a picture; its label is what a screen reader says and the mouse shows. */
export function iconButton(name, label, act, kind = "") {
  const words = { type: "button", class: `round ${kind}`.trim(), title: label, "aria-label": label };
  return h("button", { ...words, data: { focus: label }, on: { click: act } }, icon(name));
}

export function icon(name) {
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(NS, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
