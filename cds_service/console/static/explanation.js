// Why, and what if: the service explains its own request again, with facts assumed to be otherwise.

import { byId } from "./dom.js";

let asked = null;
let assumed = {};
let turn = 0; // of several questions only the last one's answer is shown

export async function explain(request) {
  asked = request;
  assumed = {};
  await ask();
}

export function clear() {
  turn += 1;
  asked = null;
  byId("explanations").replaceChildren();
}

async function ask() {
  const mine = ++turn;
  const body = JSON.stringify({ request: asked, assumed });
  const answer = await fetch("/console/explanation", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const text = await answer.text();
  if (!answer.ok || mine !== turn) return;
  const kept = openParts();
  byId("explanations").innerHTML = text; // the service's own template: every text in it is escaped there
  for (const [part, isOpen] of kept) if (parts()[part]) parts()[part].open = isOpen;
}

const parts = () => [...byId("explanations").querySelectorAll("section > details")];
const openParts = () => parts().map((part, index) => [index, part.open]);

async function assume(order, fact, value) {
  const { [fact]: _, ...others } = assumed[order] ?? {};
  assumed = { ...assumed, [order]: value ? { ...others, [fact]: value } : others };
  await ask();
  const section = byId("explanations").querySelector(`[data-order="${CSS.escape(order)}"]`);
  section?.querySelector(`[data-fact="${CSS.escape(fact)}"]`)?.focus();
  byId("status").textContent = section?.querySelector(".verdict")?.textContent.replaceAll(/\s+/g, " ").trim() ?? "";
}

export function listenForAssumptions() {
  byId("explanations").addEventListener("change", (event) => {
    const select = event.target.closest("[data-fact]");
    if (select) assume(select.closest("[data-order]").dataset.order, select.dataset.fact, select.value);
  });
  byId("explanations").addEventListener("click", (event) => {
    if (!event.target.closest("[data-reset]")) return;
    assumed = { ...assumed, [event.target.closest("[data-order]").dataset.order]: {} };
    ask().then(() => {
      byId("status").textContent = "As recorded again.";
    });
  });
}
