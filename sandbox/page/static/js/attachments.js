/** Files on their way into a message: chosen, dropped or pasted, shown before they are sent. */

import { fill, h } from "./dom.js";
import { size } from "./format.js";
import { icon, iconButton } from "./icons.js";
import { toast } from "./notices.js";

const MOST = 10;

export function attachments(changed) {
  const node = h("div", { class: "attachments", hidden: true, "aria-label": "Files to send" });
  return { node, files: [], changed };
}

export function attach(view, files) {
  const room = MOST - view.files.length;
  if (files.length > room) toast(`An album holds at most ${MOST} files`);
  view.files.push(...[...files].slice(0, room).map((file) => ({ file, url: preview(file) })));
  paint(view);
}

const preview = (file) => (file.type.startsWith("image/") ? URL.createObjectURL(file) : null);

export function detachAll(view) {
  for (const { url } of view.files) URL.revokeObjectURL(url);
  view.files = [];
  paint(view);
}

function detach(view, entry) {
  URL.revokeObjectURL(entry.url);
  view.files = view.files.filter((each) => each !== entry);
  paint(view);
}

function paint(view) {
  view.node.hidden = view.files.length === 0;
  fill(
    view.node,
    view.files.map((entry) => tile(view, entry)),
  );
  view.changed();
}

function tile(view, entry) {
  const { file, url } = entry;
  return h(
    "figure",
    { class: url ? "attachment" : "attachment is-file", title: file.name },
    url
      ? h("img", { src: url, alt: file.name })
      : [icon("file"), h("figcaption", { dir: "auto" }, file.name, h("small", {}, size(file.size)))],
    iconButton("close", `Leave out ${file.name}`, () => detach(view, entry), "small"),
  );
}

/** Files dropped on `zone` or pasted into `field`. */
export function accept(zone, field, take) {
  let depth = 0;
  const veil = h("div", { class: "drop-veil", hidden: true }, icon("image"), "Drop to attach");
  zone.append(veil);
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  const shift = (by) => (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = Math.max(0, depth + by);
    veil.hidden = depth === 0;
  };
  zone.addEventListener("dragenter", shift(1));
  zone.addEventListener("dragleave", shift(-1));
  zone.addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  zone.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = 0;
    veil.hidden = true;
    take(event.dataTransfer.files);
  });
  field.addEventListener("paste", (event) => {
    const { files } = event.clipboardData;
    if (files.length === 0) return;
    event.preventDefault();
    take(files);
  });
}
