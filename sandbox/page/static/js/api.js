/** The control API of the simulated Telegram, one function per call. */

const ROOT = "/_sandbox/telegram";

export class Refused extends Error {}

async function request(path, options = {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Refused("The sandbox does not answer. Is it still running?");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(reason(body) ?? `The sandbox answered ${response.status}.`);
  return body;
}

function reason(body) {
  if (typeof body.detail === "string") return body.detail;
  if (Array.isArray(body.detail))
    return body.detail.map((part) => `${(part.loc ?? []).slice(1).join(".")}: ${part.msg}`).join("; ");
  return body.description ?? body.error;
}

export function get(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(given);
  return request(given.length ? `${path}?${search}` : path);
}

export function post(path, body = {}) {
  return request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export const state = (as) => get(`${ROOT}/state`, { as });
export const chat = (id, as) => get(`${ROOT}/chats/${id}`, { as });
export const messages = (chatId, query) => get(`${ROOT}/chats/${chatId}/messages`, query);
export const eventsUrl = (as) => `${ROOT}/events?as=${as}`;

export const send = (body) => post(`${ROOT}/send`, body);
export const edit = (body) => post(`${ROOT}/edit`, body);
export const press = (body) => post(`${ROOT}/press`, body);
export const start = (body) => post(`${ROOT}/start`, body);
export const callback = (id) => get(`${ROOT}/callbacks/${id}`);

export function sendMedia({ as, chat_id, thread_id, caption, kind, reply_to_message_id, files }) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ as, chat_id, thread_id, caption, kind, reply_to_message_id })) {
    if (value !== undefined && value !== null && value !== "") form.append(name, value);
  }
  for (const file of files) form.append("files", file, file.name || "picture.png");
  return request(`${ROOT}/send_media`, { method: "POST", body: form });
}

export const react = (body) => post(`${ROOT}/react`, body);

export const topic = (verb, { as, chat_id, message_thread_id }) =>
  post(`${ROOT}/topics/${verb}`, { as, chat_id, message_thread_id });
export const createTopic = (body) => post(`${ROOT}/topics/create`, body);
export const member = (verb, chatId, userId) => post(`${ROOT}/members/${verb}`, { chat_id: chatId, user_id: userId });
export const forum = (chatId, isForum) => post(`${ROOT}/chats/${chatId}/forum`, { is_forum: isForum });
export const fault = (body) => post(`${ROOT}/faults`, body);
export const clearFaults = () => request(`${ROOT}/faults`, { method: "DELETE" });
export const limits = (enabled) => post(`${ROOT}/limits`, { enabled });
export const clock = (seconds) => post(`${ROOT}/clock`, { advance_s: seconds });
export const journal = (since) => get(`${ROOT}/journal`, { since });
export const addUser = (body) => post(`${ROOT}/users`, body);

/** The simulated fleet system; null where this sandbox runs without it. */
export async function company() {
  const response = await fetch("/_sandbox/rentprog/state").catch(() => null);
  return response?.ok ? response.json() : null;
}
