/** The messages of one thread: order, merging, and the rows they make on the screen. */

import { dayKey, moment } from "./format.js";

const SAME_BREATH_MS = 5 * 60_000;

const byId = (one, two) => one.message_id - two.message_id;

export function upsert(messages, fresh) {
  if (fresh.deleted) return withoutIds(messages, [fresh.message_id]);
  return [...messages.filter((message) => message.message_id !== fresh.message_id), fresh].sort(byId);
}

export const withoutIds = (messages, ids) => messages.filter((message) => !ids.includes(message.message_id));

/** `latest` is complete from its first message on, so what it lacks there was deleted. */
export function withLatest(known, latest) {
  const alive = latest.filter((message) => !message.deleted).sort(byId);
  const from = alive[0]?.message_id ?? -Infinity;
  return [...known.filter((message) => message.message_id < from), ...alive];
}

/** Replies in General carry a thread id too; it counts only where it names a topic. */
export function threadOf(message, chat) {
  const id = message.message_thread_id ?? 0;
  if (message.is_topic_message !== undefined) return message.is_topic_message ? id : 0;
  return chat?.topics?.some((topic) => topic.message_thread_id === id) ? id : 0;
}

/** Days, each with rows: a service line, a message, or an album (several messages, one bubble). */
export function days(messages, { me, named, newFrom }) {
  const result = [];
  for (const row of rows(messages, { me, named })) {
    const key = dayKey(row.messages[0].date);
    if (result.at(-1)?.key !== key) result.push({ key, date: row.messages[0].date, rows: [] });
    if (row.messages.some((message) => message.message_id === newFrom)) {
      result.at(-1).rows.push({ kind: "new", key: "new", messages: [] });
    }
    result.at(-1).rows.push(row);
  }
  return result;
}

function rows(messages, { me, named }) {
  const made = [];
  for (const message of messages) {
    const last = made.at(-1);
    if (message.media_group_id && last?.album === message.media_group_id) last.messages.push(message);
    else made.push(rowOf(message, me));
  }
  made.forEach((row, at) => {
    row.first = !follows(made[at - 1], row);
    row.last = !follows(row, made[at + 1]);
    row.faced = named && row.kind === "message" && !row.mine;
  });
  return made;
}

function rowOf(message, me) {
  return {
    kind: message.service ? "service" : "message",
    key: `m${message.message_id}`,
    album: message.media_group_id ?? null,
    mine: message.from?.id === me,
    messages: [message],
  };
}

function follows(earlier, later) {
  if (!earlier || !later || earlier.kind !== "message" || later.kind !== "message") return false;
  const [one, two] = [earlier.messages[0], later.messages[0]];
  if (one.from?.id !== two.from?.id || dayKey(one.date) !== dayKey(two.date)) return false;
  return moment(two.date) - moment(one.date) < SAME_BREATH_MS;
}
