/** The commands offered while a message begins with a slash. */

import { fill, h } from "./dom.js";
import { store } from "./store.js";

const USUAL = [
  { command: "start", description: "Introduce yourself to Jarvis" },
  { command: "bind", description: "Make this group a branch or a client desk" },
  { command: "car", description: "What is known about a car" },
  { command: "today", description: "Hand-overs and returns of today" },
  { command: "free", description: "Cars that are free" },
  { command: "help", description: "What Jarvis can do" },
];

export function suggestions(take) {
  const node = h("div", {
    class: "suggestions",
    id: "suggestions",
    role: "listbox",
    "aria-label": "Commands",
    hidden: true,
  });
  return { node, take, found: [], at: 0 };
}

export function suggest(view, text) {
  const word = text.match(/^\/([a-z0-9_]*)$/i)?.[1].toLowerCase();
  const known = store.commands.length ? store.commands : USUAL;
  view.found = word === undefined ? [] : known.filter((each) => each.command.startsWith(word));
  view.at = 0;
  paint(view);
}

function paint(view) {
  view.node.hidden = view.found.length === 0;
  fill(
    view.node,
    view.found.map((each, at) => option(view, each, at)),
  );
}

function option(view, { command, description }, at) {
  return h(
    "button",
    {
      type: "button",
      role: "option",
      tabIndex: -1,
      id: `suggestion-${at}`,
      "aria-selected": String(at === view.at),
      on: { click: () => view.take(command) },
    },
    h("strong", {}, `/${command}`),
    h("span", { dir: "auto" }, description),
  );
}

/** True where the key was for the list. */
export function suggestionKey(view, event) {
  if (view.node.hidden) return false;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    view.at = (view.at + step + view.found.length) % view.found.length;
    paint(view);
    return true;
  }
  if (event.key === "Escape") {
    view.found = [];
    paint(view);
    return true;
  }
  if (event.key !== "Tab" && event.key !== "Enter") return false;
  view.take(view.found[view.at].command, { send: event.key === "Enter" });
  return true;
}
