/** The clients' page: one holds a client's phone and talks to the company through the simulated Umnico. */

import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { Refused } from "../api.js";
import * as api from "./api.js";
import { composer, renderComposer } from "./composer.js";
import { renderRoster, roster } from "./roster.js";
import { here } from "./route.js";
import { renderTalk, talk } from "./talk.js";

const LOOK_MS = 700;

const app = document.getElementById("app");
const state = { people: [], screens: new Map(), open: null, who: null, read: new Map(), isLive: false };
const list = roster();
const view = talk();
const live = h("span", { class: "live", role: "status" });
const column = h("main", { class: "talk" });
const writing = composer(column, { sent: () => look() });
column.prepend(view.head, view.node, writing.node);
fill(
  app,
  h(
    "section",
    { class: "sidebar" },
    h(
      "header",
      { class: "column-head" },
      h("span", { class: "head-words" }, h("h2", {}, "Clients"), h("small", {}, "Be one of them")),
      h("a", { class: "to-other-page", href: "/" }, icon("people"), "To the staff"),
    ),
    list,
    h(
      "footer",
      { class: "sidebar-foot" },
      live,
      h("span", { class: "sandbox-note" }, "Sandbox: the clients, their messengers and the model are simulated"),
    ),
  ),
  column,
);

function render() {
  const person = state.people.find((each) => each.key === state.who) ?? null;
  app.dataset.view = person ? "talk" : "chats";
  document.title = person ? `${person.name} · client` : "Clients of the sandbox";
  live.classList.toggle("broken", !state.isLive);
  live.textContent = state.isLive ? "" : "Connecting…";
  if (person) state.read.set(person.key, answersTo(person));
  renderRoster(list, state);
  renderComposer(writing, person); // first: the conversation scrolls to its end in the room that is left
  renderTalk(view, person, state.open);
}

const answersTo = ({ login }) =>
  (state.screens.get(login)?.saw ?? []).filter((message) => message.from === "company").length;

/** Look at the phones: every client's last words, and all of the open one. */
async function look() {
  const { who } = state;
  try {
    if (state.people.length === 0) state.people = await api.people();
    const screens = await api.screens();
    state.screens = new Map(screens.map((screen) => [screen.login, screen]));
    const login = state.people.find((each) => each.key === who)?.login;
    const leadId = state.screens.get(login)?.lead_id;
    const open = leadId ? await api.screen(leadId) : null;
    if (who !== state.who) return;
    state.open = open;
    state.isLive = true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    state.isLive = false;
  }
  render();
}

async function goOn() {
  if (!document.hidden) await look();
  setTimeout(goOn, LOOK_MS);
}

function follow() {
  state.who = here();
  state.open = null;
  render();
  look();
}

window.addEventListener("hashchange", follow);
state.who = here();
goOn();
