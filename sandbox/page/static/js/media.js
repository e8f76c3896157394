/** Pictures, albums, documents and players inside a bubble. */

import { h } from "./dom.js";
import { length, size } from "./format.js";
import { icon } from "./icons.js";
import { lightbox } from "./lightbox.js";
import { store } from "./store.js";

const RATIO = { least: 0.6, most: 2 };
const ROWS = {
  1: [1],
  2: [2],
  3: [1, 2],
  4: [2, 2],
  5: [2, 3],
  6: [3, 3],
  7: [2, 2, 3],
  8: [2, 3, 3],
  9: [3, 3, 3],
  10: [3, 3, 4],
};

const seen = (message) => message.photo ?? message.video;

/** `thread` gives the messages whose pictures one can walk through. */
export function mediaOf(messages, thread = () => store.thread.messages) {
  const visual = messages.filter(seen);
  return [
    visual.length > 1 ? album(visual, thread) : visual.map((message) => single(message, thread)),
    messages.filter((message) => message.document).map((message) => documentRow(message.document)),
    messages
      .filter((message) => message.voice ?? message.audio)
      .map((message) => voice(message.voice ?? message.audio)),
    messages.filter((message) => message.location).map((message) => place(message.location)),
  ];
}

function ratio({ width, height }) {
  return width && height ? Math.min(RATIO.most, Math.max(RATIO.least, width / height)) : 4 / 3;
}

function single(message, thread) {
  const media = seen(message);
  const wide = ratio(media);
  const width = Math.min(420, Math.max(160, Math.min(media.width || 420, 380 * wide)));
  return h(
    "div",
    { class: "media-single", vars: { "--ratio": wide, "--width": `${Math.round(width)}px` } },
    tile(message, thread),
  );
}

/** Rows as wide as the bubble; inside a row every picture keeps its shape. */
function album(messages, thread) {
  const left = [...messages];
  const rows = (ROWS[messages.length] ?? [messages.length]).map((many) => left.splice(0, many));
  return h(
    "div",
    { class: "album" },
    rows.map((row) => {
      const shapes = row.map((message) => Math.min(1.6, Math.max(0.75, ratio(seen(message)))));
      const sum = shapes.reduce((one, two) => one + two, 0);
      const tiles = row.map((message, at) =>
        h("div", { class: "album-tile", vars: { "--grow": shapes[at] } }, tile(message, thread)),
      );
      return h("div", { class: "album-row", vars: { "--ratio": row.length === 1 ? Math.max(1.3, sum) : sum } }, tiles);
    }),
  );
}

function tile(message, thread) {
  if (message.video)
    return h("video", { src: message.video.url, controls: true, preload: "metadata", playsInline: true });
  return h(
    "button",
    {
      type: "button",
      class: "photo",
      "aria-label": `Open the picture${message.caption ? `: ${message.caption}` : ""}`,
      data: { focus: `photo${message.message_id}` },
      on: { click: () => openPicture(message, thread()) },
    },
    h("img", {
      src: message.photo.thumb_url ?? message.photo.url,
      alt: message.caption ?? "",
      loading: "lazy",
      decoding: "async",
      draggable: false,
    }),
  );
}

function openPicture(message, thread) {
  const all = thread.filter((each) => each.photo);
  const at = all.findIndex((each) => each.message_id === message.message_id);
  lightbox(
    all.map((each) => ({ url: each.photo.url, caption: each.caption ?? "" })),
    Math.max(0, at),
  );
}

function documentRow(file) {
  const name = file.file_name ?? "Document";
  const kind = name.includes(".") ? name.split(".").at(-1).slice(0, 4) : "";
  return h(
    "a",
    { class: "document", href: file.url, download: name, "aria-label": `Download ${name}` },
    h("span", { class: "document-mark" }, icon("file"), kind && h("b", {}, kind)),
    h(
      "span",
      { class: "document-words" },
      h("strong", { dir: "auto" }, name),
      h("small", {}, size(file.file_size) || file.mime_type || ""),
    ),
  );
}

function voice(sound) {
  const player = h("audio", { src: sound.url, preload: "metadata" });
  const bar = h("input", { type: "range", min: "0", max: "1000", value: "0", "aria-label": "Position" });
  const time = h("small", {}, length(sound.duration));
  const button = h(
    "button",
    { type: "button", class: "voice-play", "aria-label": "Play the voice message" },
    icon("play"),
  );
  const whole = () => (Number.isFinite(player.duration) ? player.duration : sound.duration);
  button.addEventListener("click", () =>
    player.paused ? player.play().catch(() => button.classList.add("broken")) : player.pause(),
  );
  player.addEventListener("play", () => button.replaceChildren(icon("pause")));
  player.addEventListener("pause", () => button.replaceChildren(icon("play")));
  player.addEventListener("loadedmetadata", () => (time.textContent = length(whole())));
  player.addEventListener("timeupdate", () => {
    bar.value = String(Math.round((player.currentTime / (whole() || 1)) * 1000));
    time.textContent = length(player.currentTime);
  });
  bar.addEventListener("input", () => (player.currentTime = (Number(bar.value) / 1000) * (whole() || 0)));
  return h("div", { class: "voice" }, button, bar, time, player);
}

function place({ latitude, longitude }) {
  return h("p", { class: "location" }, icon("pin"), `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`);
}

/** Documents and sounds have no picture that could carry the time. */
export const isVisual = (messages) => messages.some(seen);
export const captionOf = (messages) => messages.find((message) => message.caption || message.caption_html);
