/** The control API of the simulated Umnico, as the clients' page needs it. */

import { get, post, Refused } from "../api.js";

const ROOT = "/_sandbox/umnico";

export const people = () => get("/_sandbox/correspondents");
export const screens = () => get(`${ROOT}/clients`);
export const screen = (leadId) => get(`${ROOT}/clients/${leadId}`);

/** Write as somebody: one message with at most one file, as messengers do. */
export async function write(who, { text = "", file = null } = {}) {
  const attachments = file ? [await attachment(file)] : [];
  return post(`${ROOT}/write`, { channel: who.channel, login: who.login, name: who.name, text, attachments });
}

/** A voice message that says these words to the scripted ear. */
export async function speak(who, text) {
  const answer = await fetch("/_sandbox/voice", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text }),
  }).catch(() => null);
  if (!answer?.ok) throw new Refused("The sandbox could not make a voice message of these words.");
  const sound = new File([await answer.blob()], "voice.ogg", { type: "audio/ogg" });
  return write(who, { file: sound });
}

const KINDS = { image: "photo", video: "video", audio: "audio" };

async function attachment(file) {
  return {
    type: KINDS[file.type.split("/")[0]] ?? "doc",
    name: file.name || "picture.png",
    mime: file.type || "application/octet-stream",
    content_base64: await base64(file),
  };
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(new Refused(`${file.name} could not be read.`));
    reader.readAsDataURL(file);
  });
}
