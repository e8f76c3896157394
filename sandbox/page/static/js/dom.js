/** Build and update elements without a framework. */

const LEAVING_MS = 1000;

/**
 * Make an element. `props` sets properties; `class`, `data`, `on`, `vars` and attributes
 * with a dash are treated as such. Children that are null or false are left out.
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "on") for (const [type, act] of Object.entries(value)) node.addEventListener(type, act);
    else if (name === "vars") for (const [key, of] of Object.entries(value)) node.style.setProperty(key, of);
    else if (name in node && !name.includes("-")) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...kept(children));
  return node;
}

export function fill(parent, ...children) {
  parent.replaceChildren(...kept(children));
  return parent;
}

/** Fill anew only when `facts` changed: what has the keyboard focus stays where it is. */
export function refill(parent, facts, make) {
  const mark = JSON.stringify(facts);
  if (parent.mark === mark) return;
  parent.mark = mark;
  fill(parent, make());
}

function kept(children) {
  return children.flat(3).filter((child) => child !== null && child !== undefined && child !== false && child !== "");
}

/**
 * Make `parent` show `items` in order, keeping the nodes of items that did not change.
 * `stamp` says when a node is stale, `place` touches every node that stays, and `leave` may
 * animate a node that goes away.
 */
export function keyed(parent, items, { key, stamp = JSON.stringify, render, place, leave }) {
  const before = parent.shown ?? new Map();
  const after = new Map();
  let cursor = parent.firstChild;
  for (const item of items) {
    const name = String(key(item));
    const mark = stamp(item);
    const old = before.get(name);
    before.delete(name);
    let node = old?.node;
    if (!old || old.mark !== mark) {
      node = render(item, old?.node);
      if (old && old.node !== node) cursor = swap(old.node, node, cursor);
    }
    while (cursor && cursor.leaving) cursor = cursor.nextSibling;
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
    place?.(node, item);
    after.set(name, { node, mark });
  }
  for (const { node } of before.values()) remove(node, leave);
  parent.shown = after;
}

function swap(old, fresh, cursor) {
  const held = old.contains(document.activeElement) ? focusName(document.activeElement) : null;
  const next = cursor === old ? fresh : cursor;
  old.replaceWith(fresh);
  if (held) (fresh.matches(held) ? fresh : fresh.querySelector(held))?.focus({ preventScroll: true });
  return next;
}

function focusName(node) {
  if (node.dataset.focus) return `[data-focus="${CSS.escape(node.dataset.focus)}"]`;
  return node.id ? `#${CSS.escape(node.id)}` : "[tabindex], a, button";
}

function remove(node, leave) {
  if (!leave) {
    node.remove();
    return;
  }
  node.leaving = true;
  const end = () => node.remove();
  leave(node).then(end, end);
  // A hidden window does not run animations.
  setTimeout(end, LEAVING_MS);
}

/** Move the keyboard focus among siblings with the arrow keys. */
export function arrows(container, selector) {
  container.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.closest(selector)) return;
    const all = [...container.querySelectorAll(selector)];
    const next = all[all.indexOf(event.target.closest(selector)) + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
}
