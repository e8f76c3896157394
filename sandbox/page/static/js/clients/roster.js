/** Who one can be: everybody who could write to the company, by messenger, with the last words. */

import { avatar } from "../avatar.js";
import { arrows, h, keyed } from "../dom.js";
import { stamp } from "../format.js";
import { linkTo } from "./route.js";

export const CHANNELS = { whatsapp: "WhatsApp", telegram: "Telegram", instagram: "Instagram" };

export function roster() {
  const list = h("nav", { class: "chat-list", "aria-label": "Clients" });
  arrows(list, "a");
  return list;
}

export function renderRoster(list, state) {
  const items = Object.keys(CHANNELS).flatMap((channel) => {
    const people = state.people.filter((person) => person.channel === channel);
    return people.length ? [{ key: channel, channel }, ...people.map((person) => item(person, state))] : [];
  });
  keyed(list, items, { key: (each) => each.key, render: (each) => (each.login ? personRow(each) : channelName(each)) });
}

function item(person, { who, screens, read }) {
  const messages = screens.get(person.login)?.saw ?? [];
  const last = messages.at(-1);
  const answers = messages.filter((message) => message.from === "company").length;
  return {
    ...person,
    open: person.key === who,
    said: last ? (last.text || fileWord(last)) : null,
    mine: last?.from === "client",
    at: last?.at ?? null,
    unread: person.key === who ? 0 : Math.max(0, answers - (read.get(person.key) ?? 0)),
  };
}

const fileWord = ({ attachments }) => ({ photo: "Photo", audio: "Voice message" })[attachments[0]?.type] ?? "File";

const channelName = ({ channel }) =>
  h("h3", { class: `channel-name channel-${channel}` }, h("span", { class: "channel-mark" }), CHANNELS[channel]);

export const faceOf = (person) =>
  h(
    "span",
    { class: `face-in-channel channel-${person.channel}` },
    avatar({ id: person.login, name: person.name }),
    h("span", { class: "channel-mark" }),
  );

function personRow(person) {
  return h(
    "a",
    {
      class: ["row", person.open && "open", person.unread > 0 && "has-unread"].filter(Boolean).join(" "),
      href: linkTo(person.key),
      "aria-current": person.open ? "true" : null,
      title: person.about,
      data: { person: person.key, focus: `person-${person.key}` },
    },
    faceOf(person),
    h(
      "span",
      { class: "row-words" },
      h(
        "span",
        { class: "row-top" },
        h("strong", { dir: "auto" }, person.name),
        h("span", { class: "language" }, person.language),
        h("time", {}, person.at ? stamp(person.at) : ""),
      ),
      h(
        "span",
        { class: "row-bottom" },
        h("span", { class: "row-text", dir: person.said ? "auto" : "ltr" }, person.said ?? person.about),
        person.unread > 0 && h("span", { class: "badge" }, String(person.unread)),
      ),
    ),
  );
}
