/** The desk's card of the simulated fleet system; hidden where the sandbox runs without it. */

import * as api from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { during, toast } from "./notices.js";

const ROOT = "/_sandbox/rentprog";

export function companyCard() {
  const body = h("div", { class: "company" });
  const node = h(
    "section",
    { class: "desk-card", hidden: true },
    h("h3", {}, icon("car"), "The company in RentProg"),
    body,
  );
  const view = { node, body };
  return { node, show: () => load(view) };
}

async function load(view) {
  const company = await api.company();
  view.node.hidden = !company;
  if (company) fill(view.body, moving(view, company), booking(view, company));
}

function moving(view, { cars, branches }) {
  const name = (code) => branches.find((branch) => branch.code === code)?.title ?? code ?? "no branch";
  const car = picker(
    "Car",
    "Find a car or a plate",
    cars.filter((each) => each.active !== false),
    (each) => `${each.code} · ${each.car_name} · ${each.number ?? "no plate"} · ${name(each.branch)}`,
  );
  const target = h(
    "select",
    { "aria-label": "To branch" },
    branches.map((branch) => h("option", { value: branch.code }, branch.title)),
  );
  const act = (row) => api.post(`${ROOT}/cars/${row.id}/move`, { to_branch: target.value });
  return [car.node, h("label", { class: "line" }, "To", target), buttons(view, car, [["Move the car", act]])];
}

function booking(view, { bookings, cars, clients }) {
  const car = new Map(cars.map((each) => [each.id, each]));
  const client = new Map(clients.map((each) => [each.id, each]));
  const live = bookings.filter((each) => each.active && !each.archive && !each.technical);
  const says = (each) =>
    [
      each.in_rent ? "out" : "planned",
      `#${each.number ?? each.id}`,
      car.get(each.car_id)?.code,
      client.get(each.client_id)?.lastname,
      each.start_date,
    ]
      .filter(Boolean)
      .join(" · ");
  const choice = picker("Booking", "Find a booking", live, says);
  const act = (verb) => (row) => api.post(`${ROOT}/bookings/${row.id}/${verb}`, {});
  return [
    choice.node,
    buttons(view, choice, [
      ["Issue", act("issue")],
      ["Return", act("return")],
      ["Cancel", act("cancel")],
    ]),
  ];
}

/** A field that completes: the fleet is too long for a plain list. */
function picker(label, hint, rows, says) {
  const id = `list-${label.toLowerCase()}`;
  const byText = new Map(rows.map((row) => [says(row), row]));
  const field = h("input", {
    type: "text",
    class: "grow",
    placeholder: hint,
    "aria-label": label,
    autocomplete: "off",
  });
  field.setAttribute("list", id);
  const list = h(
    "datalist",
    { id },
    [...byText.keys()].map((text) => h("option", { value: text })),
  );
  return { node: h("label", { class: "line" }, field, list), label, chosen: () => byText.get(field.value) };
}

function buttons(view, choice, acts) {
  return h(
    "div",
    { class: "chips" },
    acts.map(([label, act]) => {
      const button = h("button", { type: "button", class: "chip" }, label);
      button.addEventListener("click", () => press(view, button, choice, act));
      return button;
    }),
  );
}

async function press(view, button, choice, act) {
  const row = choice.chosen();
  if (!row) {
    toast(`${choice.label}: choose one of the list first`);
    return;
  }
  const answer = await during(button, () => act(row));
  if (!answer) return;
  toast(told(answer.deliveries ?? []));
  await load(view);
}

function told(deliveries) {
  if (deliveries.length === 0) return "Done. No webhook was sent.";
  const answered = deliveries.filter((delivery) => delivery.status >= 200 && delivery.status < 300).length;
  return `Done. Webhooks taken by Jarvis: ${answered} of ${deliveries.length}.`;
}
