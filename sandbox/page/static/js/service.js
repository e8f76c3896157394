/** What a service message says. */

import { fullName } from "./format.js";

const SAYS = {
  forum_topic_created: (who, by) => `${who} opened the topic “${by.name ?? ""}”`,
  forum_topic_edited: (who, by) =>
    by.name ? `${who} renamed the topic to “${by.name}”` : `${who} changed the topic’s icon`,
  forum_topic_closed: (who) => `${who} closed the topic`,
  forum_topic_reopened: (who) => `${who} reopened the topic`,
  general_forum_topic_hidden: (who) => `${who} hid General`,
  general_forum_topic_unhidden: (who) => `${who} showed General`,
  new_chat_members: (who, by) => joined(who, by),
  left_chat_member: (who, by) => left(who, by),
  new_chat_title: (who, by) => `${who} named the group “${by.value ?? ""}”`,
  new_chat_photo: (who) => `${who} changed the group’s picture`,
  group_chat_created: (who) => `${who} created the group`,
  supergroup_chat_created: (who) => `${who} created the group`,
  migrate_to_chat_id: () => "The group became a supergroup",
  migrate_from_chat_id: () => "The group became a supergroup",
  pinned_message: (who, by) => `${who} pinned ${by.text ? `“${short(by.text)}”` : "a message"}`,
};

/** In lists the server names a service message by its field of the Bot API. */
const LABELS = {
  "forum topic created": "Topic opened",
  "forum topic edited": "Topic changed",
  "forum topic closed": "Topic closed",
  "forum topic reopened": "Topic reopened",
  "general forum topic hidden": "General hidden",
  "general forum topic unhidden": "General shown",
  "new chat members": "Somebody joined",
  "left chat member": "Somebody left",
  "new chat title": "Group renamed",
  "pinned message id": "Message pinned",
  "pinned message": "Message pinned",
  "migrate to chat id": "The group became a supergroup",
  "migrate from chat id": "The group became a supergroup",
};

export const listText = (text) => LABELS[text] ?? text;

export function serviceText(message) {
  const { kind, ...by } = message.service;
  const says = SAYS[kind];
  if (by.text && kind !== "pinned_message") return by.text;
  return says ? says(fullName(message.from), by) : kind.replaceAll("_", " ");
}

const short = (text) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
const names = (users) => users.map(fullName).join(", ");

function joined(who, by) {
  const users = Array.isArray(by.value) ? by.value : [];
  const others = users.filter((user) => fullName(user) !== who);
  return others.length ? `${who} added ${names(others)}` : `${who} joined`;
}

function left(who, user) {
  return user.first_name && fullName(user) !== who ? `${who} removed ${fullName(user)}` : `${who} left`;
}
