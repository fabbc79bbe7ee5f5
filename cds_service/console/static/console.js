// The console: choose a patient, write orders, sign, see the cards, ask why and what if.

import { showCards } from "./cards.js";
import { byId } from "./dom.js";
import { call, signRequest } from "./ehr.js";
import { listenForEvidence, resourcesOf } from "./evidence.js";
import { clear, explain, listenForAssumptions } from "./explanation.js";
import { openOrders, orders, startOrderEntry } from "./order_entry.js";
import { listenForOwnRequest } from "./own_request.js";
import { listenForCopies, showTraffic } from "./traffic.js";

const isDemonstration = Boolean(byId("patients"));
const say = (text) => {
  byId("status").textContent = text;
};
let sent = {};
let chosen = null;
let turn = 0; // an answer that comes after another patient was chosen is not shown

async function send(request, token = "") {
  const mine = ++turn;
  say("The service is asked ...");
  byId("answer").hidden = true;
  clear();
  try {
    const { service, traffic, answer } = await call(request, token);
    if (mine !== turn) return;
    sent = request;
    showTraffic(traffic);
    if (!traffic.answer.ok) return say(refusal(traffic, answer));
    showCards(answer, service, token);
    if (isDemonstration) await explain(request);
    if (mine !== turn) return;
    const count = answer.cards?.length ?? 0;
    say(count === 1 ? "One card came back." : `${count} cards came back.`);
    byId("cards-title").focus();
  } catch (error) {
    say(`It could not be asked: ${error.message}`);
  }
}

function refusal({ answer }, { issue }) {
  const found = issue?.[0];
  const place = found?.expression?.[0] ?? "";
  return `The service refused (${answer.status}): ${found?.details?.text ?? found?.diagnostics ?? ""} ${place}`.trim();
}

async function sign() {
  const mine = ++turn;
  say("The record is prefetched ...");
  try {
    const request = await signRequest(chosen.patient, orders());
    if (mine === turn) await send(request);
  } catch (error) {
    say(`It could not be signed: ${error.message}`);
  }
}

async function open(situations, button) {
  const mine = ++turn;
  say("");
  for (const other of document.querySelectorAll(".patient")) other.setAttribute("aria-pressed", String(other === button));
  chosen = situations.find((one) => one.id === button.dataset.situation);
  const found = await (await fetch(`/demo/fhir/Condition?patient=${encodeURIComponent(chosen.patient)}`)).json();
  if (mine !== turn) return;
  openOrders(chosen, (found.entry ?? []).map((entry) => entry.resource));
  byId("entry").hidden = false;
  byId("answer").hidden = true;
  clear();
  byId("chosen").textContent = `${button.querySelector("strong").textContent}: ${chosen.title}`;
  byId("orders-title").focus();
}

async function startDemonstration() {
  const situations = await (await fetch("/console/situations")).json();
  await startOrderEntry();
  byId("patients").addEventListener("click", (event) => {
    const button = event.target.closest(".patient");
    if (button) open(situations, button);
  });
  byId("patient-sought").addEventListener("input", () => {
    const sought = byId("patient-sought").value.toLowerCase();
    for (const row of byId("patients").children) row.hidden = !row.textContent.toLowerCase().includes(sought);
  });
  byId("sign").addEventListener("click", sign);
}

listenForEvidence(() => resourcesOf(sent));
listenForAssumptions();
listenForOwnRequest(send);
listenForCopies();
if (isDemonstration) await startDemonstration();
document.body.dataset.ready = "yes";
