/** One line that stands for a message: in lists, quotes and the pinned bar. */

import { serviceText } from "./service.js";

const KINDS = [
  ["photo", "Photo"],
  ["video", "Video"],
  ["voice", "Voice message"],
  ["audio", "Audio"],
  ["location", "Location"],
  ["document", "Document"],
];

export function previewOf(message) {
  if (!message) return "";
  if (message.service) return serviceText(message);
  const text = message.text ?? message.caption;
  if (text) return text;
  const kind = KINDS.find(([name]) => message[name]);
  if (kind?.[0] === "document") return message.document.file_name ?? kind[1];
  return kind?.[1] ?? "Message";
}
