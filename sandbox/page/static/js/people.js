/** Who am I: the welcome screen, and the switcher above the chats. */

import { addUser } from "./api.js";
import { userAvatar } from "./avatar.js";
import { arrows, fill, h, refill } from "./dom.js";
import { fullName } from "./format.js";
import { icon } from "./icons.js";
import { during } from "./notices.js";
import { go } from "./route.js";
import { store } from "./store.js";

const SEARCH_FROM = 8;

const staff = () => [...store.users.values()].filter((user) => !user.is_bot);
const about = (user) => user.title ?? (user.username ? `@${user.username}` : "Employee");

export function renderWelcome(place) {
  const people = staff();
  fill(
    place,
    h(
      "main",
      { class: "welcome" },
      h("span", { class: "welcome-mark" }, icon("car")),
      h("h1", {}, "Who would you like to be?"),
      h(
        "p",
        { class: "welcome-lead" },
        "Jarvis is a colleague in Telegram. Pick a person of this invented company, write to Jarvis, press its buttons. Open a second window as someone else and watch both sides.",
      ),
      h(
        "a",
        { class: "to-clients", href: "/clients", target: "_blank", rel: "noopener" },
        icon("phone"),
        "Be a client of the company instead",
      ),
      people.length
        ? cards(people)
        : store.known
          ? firstPerson()
          : h("p", { class: "empty" }, "Waiting for the sandbox to answer…"),
      h("p", { class: "sandbox-note" }, "Sandbox: everything here is simulated. No message leaves this computer."),
    ),
  );
}

/** An emulator without a company: the visitor becomes its first person. */
function firstPerson() {
  const name = h("input", {
    class: "search",
    required: true,
    placeholder: "Your first name",
    "aria-label": "Your first name",
    autocomplete: "off",
  });
  const button = h("button", { class: "start-button" }, "Begin");
  const begin = async (event) => {
    event.preventDefault();
    const user = await during(button, () => addUser({ first_name: name.value.trim() }));
    if (user) go({ as: user.id });
  };
  return h(
    "form",
    { class: "first-person", on: { submit: begin } },
    h("strong", {}, "Nobody works here yet"),
    name,
    button,
  );
}

function cards(people) {
  const list = h(
    "div",
    { class: "people-cards" },
    people.map((user) => card(user)),
  );
  if (people.length < SEARCH_FROM) return list;
  return [
    search((word) =>
      fill(
        list,
        people.filter(matching(word)).map((user) => card(user)),
      ),
    ),
    list,
  ];
}

const matching = (word) => (user) =>
  `${fullName(user)} ${user.username ?? ""} ${user.title ?? ""}`.toLowerCase().includes(word.trim().toLowerCase());

function search(act) {
  return h("input", {
    class: "search",
    type: "search",
    placeholder: "Find a person",
    "aria-label": "Find a person",
    on: { input: (event) => act(event.target.value) },
  });
}

function card(user) {
  return h(
    "button",
    { type: "button", class: "person-card", data: { person: user.id }, on: { click: () => go({ as: user.id }) } },
    userAvatar(user),
    h(
      "span",
      { class: "person-words" },
      h("strong", { dir: "auto" }, fullName(user)),
      h("small", { dir: "auto" }, about(user)),
    ),
  );
}

/** The button that shows who I am; it opens the list of everybody. */
export function switcher() {
  const button = h("button", {
    type: "button",
    class: "switcher",
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    data: { focus: "switcher" },
    on: { click: () => (button.panel ? shut(button) : open(button)) },
  });
  return button;
}

export function renderSwitcher(button) {
  const { me } = store;
  if (!me) return;
  button.setAttribute("aria-label", `You are ${fullName(me)}. Switch person`);
  refill(button, me, () => [
    userAvatar(me),
    h(
      "span",
      { class: "person-words" },
      h("strong", { dir: "auto" }, fullName(me)),
      h("small", { dir: "auto" }, about(me)),
    ),
    icon("down"),
  ]);
}

function open(button) {
  const list = h("div", { class: "people-list", role: "listbox", "aria-label": "People" });
  const show = (word) =>
    fill(
      list,
      staff()
        .filter(matching(word))
        .map((user) => option(user, button)),
    );
  show("");
  const panel = h("div", { class: "people-panel" }, staff().length >= SEARCH_FROM && search(show), list);
  panel.append(
    h("a", { class: "new-window", href: "/clients", target: "_blank", rel: "noopener" }, icon("phone"), "Be a client"),
    h(
      "a",
      { class: "new-window", href: location.pathname, target: "_blank", rel: "noopener" },
      icon("link"),
      "Open a second window",
    ),
  );
  arrows(panel, "[role=option]");
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    shut(button);
    button.focus();
  });
  button.panel = panel;
  button.setAttribute("aria-expanded", "true");
  button.after(panel);
  (panel.querySelector("input") ?? panel.querySelector("[role=option]"))?.focus();
  button.away = (event) => !panel.contains(event.target) && !button.contains(event.target) && shut(button);
  document.addEventListener("pointerdown", button.away);
}

function shut(button) {
  document.removeEventListener("pointerdown", button.away);
  button.panel?.remove();
  button.panel = null;
  button.setAttribute("aria-expanded", "false");
}

function option(user, button) {
  const mine = user.id === store.place.as;
  const choose = () => {
    shut(button);
    go({ as: user.id });
  };
  return h(
    "button",
    {
      type: "button",
      role: "option",
      class: "person-option",
      "aria-selected": String(mine),
      data: { person: user.id },
      on: { click: choose },
    },
    userAvatar(user),
    h(
      "span",
      { class: "person-words" },
      h("strong", { dir: "auto" }, fullName(user)),
      h("small", { dir: "auto" }, about(user)),
    ),
    mine && icon("check"),
  );
}
