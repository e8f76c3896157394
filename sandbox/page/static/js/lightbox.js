/** A picture over the whole window; arrows walk through the pictures of the thread. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

/** `pictures`: [{ url, caption }] */
export function lightbox(pictures, at) {
  let now = at;
  const picture = h("img", { alt: "" });
  const caption = h("p", { class: "lightbox-caption", dir: "auto" });
  const step = (by) => show((now + by + pictures.length) % pictures.length);
  const many = pictures.length > 1;
  const box = h(
    "dialog",
    { class: "lightbox", "aria-label": "Picture" },
    h("button", { type: "button", class: "round lightbox-close", "aria-label": "Close", on: { click: () => box.close() } }, icon("close")),
    many && h("button", { type: "button", class: "round lightbox-before", "aria-label": "Previous picture", on: { click: () => step(-1) } }, icon("back")),
    picture,
    many && h("button", { type: "button", class: "round lightbox-after", "aria-label": "Next picture", on: { click: () => step(1) } }, icon("back")),
    caption,
  );
  function show(index) {
    now = index;
    picture.src = pictures[index].url;
    picture.alt = pictures[index].caption || "Picture";
    caption.textContent = pictures[index].caption ?? "";
  }
  box.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by && many) step(by);
  });
  box.addEventListener("click", (event) => event.target === box && box.close());
  box.addEventListener("close", () => box.remove());
  show(at);
  document.body.append(box);
  box.showModal();
}
