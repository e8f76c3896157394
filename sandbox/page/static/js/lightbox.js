/** A picture over the whole window; arrows walk through the pictures of the thread. */

import { h } from "./dom.js";
import { iconButton } from "./icons.js";

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
    iconButton("close", "Close", () => box.close(), "lightbox-close"),
    many && iconButton("back", "Previous picture", () => step(-1), "lightbox-before"),
    picture,
    many && iconButton("back", "Next picture", () => step(1), "lightbox-after"),
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
