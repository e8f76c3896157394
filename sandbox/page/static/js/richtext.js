/** Formatted text: only the tags Telegram knows are rebuilt, whatever the server sent. */

import { h } from "./dom.js";

const PLAIN = new Set(["b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "br"]);
const SAFE_LINK = /^(https?:|tg:|mailto:|tel:)/i;

/** Return a fragment for html that is not trusted. */
export function rich(html) {
  // A parsed document runs nothing: no scripts, no loading of pictures, no handlers.
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const fragment = document.createDocumentFragment();
  fragment.append(...rebuilt(parsed.body));
  return fragment;
}

function rebuilt(parent) {
  return [...parent.childNodes].flatMap((node) => {
    if (node.nodeType === Node.TEXT_NODE)
      return [isAfterBlock(node) ? node.textContent.replace(/^\n/, "") : node.textContent];
    if (node.nodeType !== Node.ELEMENT_NODE || (node.localName === "br" && isAfterBlock(node))) return [];
    return element(node);
  });
}

/** The line break behind a quote or a block of code ends that block; it makes no empty line. */
const isAfterBlock = (node) => ["blockquote", "pre"].includes(node.previousSibling?.localName);

function element(node) {
  const tag = node.localName;
  if (PLAIN.has(tag)) return [h(tag, {}, ...rebuilt(node))];
  if (tag === "a") return anchor(node);
  if (tag === "blockquote") return [quote(node)];
  if (tag === "tg-spoiler" || (tag === "span" && node.matches(".spoiler, .tg-spoiler"))) return [spoiler(node)];
  if (["script", "style", "template", "title", "iframe", "object"].includes(tag)) return [];
  return rebuilt(node);
}

function anchor(node) {
  const address = node.getAttribute("href") ?? "";
  if (!SAFE_LINK.test(address)) return rebuilt(node);
  return [
    h("a", { href: address, target: "_blank", rel: "noopener noreferrer", class: "text-link" }, ...rebuilt(node)),
  ];
}

function quote(node) {
  const folds = node.hasAttribute("expandable");
  const box = h("blockquote", { class: folds ? "folds" : "", dir: "auto" }, ...rebuilt(node));
  if (folds) box.addEventListener("click", () => box.classList.toggle("open"));
  return box;
}

function spoiler(node) {
  const show = () => box.classList.add("shown");
  const box = h(
    "span",
    { class: "spoiler", tabIndex: 0, role: "button", title: "Show", on: { click: show } },
    ...rebuilt(node),
  );
  box.addEventListener("keydown", (event) => event.key === "Enter" && show());
  return box;
}
