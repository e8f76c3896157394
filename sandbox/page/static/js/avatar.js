/** Round pictures made of initials; a person keeps one colour everywhere. */

import { h } from "./dom.js";
import { fullName, initials } from "./format.js";
import { icon } from "./icons.js";

const HUES = 8;

/** Neighbouring ids get different colours: the digits are mixed before the division. */
export function hue(id) {
  let mixed = 7;
  for (const digit of String(id)) mixed = (mixed * 31 + digit.charCodeAt(0)) % 9973;
  return mixed % HUES;
}

export function avatar({ id, name, bot = false, group = false }) {
  const kind = `avatar hue-${hue(id)}${bot ? " is-bot" : ""}${group ? " is-group" : ""}`;
  return h("span", { class: kind, "aria-hidden": "true" }, bot ? icon("car") : initials(name));
}

export const userAvatar = (user) => avatar({ id: user.id, name: fullName(user), bot: user.is_bot });

/** Telegram's six topic colours, by their number in the Bot API. */
const TOPIC_COLOURS = {
  7322096: "sky",
  16766590: "amber",
  13338331: "violet",
  9367192: "leaf",
  16749490: "rose",
  16478047: "coral",
};

export function topicIcon(topic) {
  const general = topic.message_thread_id === 0;
  const colour = general ? "general" : (TOPIC_COLOURS[topic.icon_color] ?? "sky");
  const letter = topic.emoji ?? initials(topic.name).slice(0, 2);
  return h(
    "span",
    { class: `topic-icon topic-${colour}`, "aria-hidden": "true" },
    general ? icon("hash") : [...letter][0],
  );
}
