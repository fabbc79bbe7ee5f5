// Orders about to be signed: those of the situation, and any code of the policy's table, found by number or words.

import { byId, element, words } from "./dom.js";

const MOST = 8;
let patient = "";
let drafts = [];
let codes = [];
let found = [];
let active = -1;
let made = 0;

export const orders = () => drafts;

export async function startOrderEntry() {
  codes = await (await fetch("/console/codes")).json();
  const input = byId("code");
  input.addEventListener("input", search);
  input.addEventListener("keydown", steer);
  input.addEventListener("blur", close);
  byId("codes").addEventListener("mousedown", (event) => event.preventDefault());
  byId("codes").addEventListener("click", (event) => choose([...byId("codes").children].indexOf(event.target.closest("li"))));
}

export function openOrders(situation, conditions) {
  patient = situation.patient;
  drafts = structuredClone(situation.orders);
  const reasons = conditions.map((one) => element("option", { value: `Condition/${one.id}`, text: words(one.code) }));
  byId("reason").replaceChildren(element("option", { value: "", text: "none given" }), ...reasons);
  showOrders();
}

// What an accepted suggestion does to the drafts: an order more, another in place of one, or one less.
export function applyActions(actions) {
  for (const { type, resource, resourceId } of actions) {
    const named = [resourceId].flat().filter(Boolean);
    const isMeant = (one) => named.includes(`${one.resourceType}/${one.id}`) || (resource?.id && one.id === resource.id);
    if (type !== "create") drafts = drafts.filter((one) => !isMeant(one));
    if (type !== "delete" && resource) drafts.push({ id: `console-order-${++made}`, ...structuredClone(resource) });
  }
  showOrders();
}

function showOrders() {
  byId("orders").replaceChildren(...drafts.map(orderRow));
  byId("sign").disabled = drafts.length === 0;
}

function orderRow(order, index) {
  const concept = order.code ?? order.codeCodeableConcept ?? {};
  const numbers = (concept.coding ?? []).map((coding) => coding.code).join(", ");
  const remove = element("button", { type: "button", text: "Remove", "aria-label": `Remove the order ${words(concept)}` });
  remove.addEventListener("click", () => {
    drafts.splice(index, 1);
    showOrders();
    byId("code").focus();
  });
  return element("li", {}, element("span", {}, element("strong", { text: numbers }), ` ${words(concept)}`), remove);
}

function search() {
  const sought = byId("code").value.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (one) => sought.every((word) => `${one.code} ${one.label} ${one.name} ${one.leadsTo}`.toLowerCase().includes(word));
  found = sought.length ? codes.filter(holds).slice(0, MOST) : [];
  active = found.length ? 0 : -1;
  showFound();
}

function showFound() {
  const list = byId("codes");
  list.replaceChildren(
    ...found.map((one, index) =>
      element("li", { role: "option", id: `code-${index}`, "aria-selected": String(index === active) },
        element("strong", { text: one.code }), ` ${one.label}`, element("span", { className: "faint", text: ` ${one.name}, ${one.leadsTo}` }))),
  );
  const isOpen = found.length > 0;
  list.hidden = !isOpen;
  byId("code").setAttribute("aria-expanded", String(isOpen));
  if (active >= 0) byId("code").setAttribute("aria-activedescendant", `code-${active}`);
  else byId("code").removeAttribute("aria-activedescendant");
}

function steer(event) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (found.length) active = (active + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
    showFound();
  } else if (event.key === "Enter" && active >= 0) {
    event.preventDefault();
    choose(active);
  } else if (event.key === "Escape") {
    close();
  }
}

function close() {
  found = [];
  active = -1;
  showFound();
}

function choose(index) {
  if (!found[index]) return;
  drafts.push(draft(found[index]));
  byId("status").textContent = `Added ${found[index].code}, ${found[index].label}`;
  byId("code").value = "";
  close();
  showOrders();
}

function draft({ system, code, label, resourceType }) {
  const element_ = resourceType === "DeviceRequest" ? "codeCodeableConcept" : "code";
  const reason = byId("reason").value;
  made += 1;
  return {
    resourceType,
    id: `console-order-${made}`,
    status: "draft",
    intent: "order",
    [element_]: { coding: [{ system, code }], text: label },
    subject: { reference: `Patient/${patient}` },
    authoredOn: drafts[0]?.authoredOn ?? new Date().toISOString().slice(0, 10),
    requester: { reference: "Practitioner/demo-practitioner" },
    ...(drafts[0]?.encounter ? { encounter: drafts[0].encounter } : {}),
    ...(drafts[0]?.insurance ? { insurance: drafts[0].insurance } : {}),
    ...(reason ? { reasonReference: [{ reference: reason }] } : {}),
  };
}
