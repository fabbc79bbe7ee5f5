// Plays the EHR: fills the prefetch templates of discovery from the demo FHIR server, signs, shows what comes back.

import { render } from "./markdown.js";

const DETERMINATION = "coverage-hooks.determination";
const byId = (id) => document.getElementById(id);
const fetchJson = async (url, options) => (await fetch(url, options)).json();

const situations = await fetchJson("/console/situations");
const { services } = await fetchJson("/cds-services");
const service = services.find((offered) => offered.hook === "order-sign");

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

async function prefetchFor(patientId) {
  const filled = {};
  await Promise.all(
    Object.entries(service.prefetch).map(async ([key, template]) => {
      const query = template.replaceAll("{{context.patientId}}", encodeURIComponent(patientId));
      if (query.includes("{{")) return;
      const answer = await fetch(`/demo/fhir/${query}`);
      if (answer.ok) filled[key] = await answer.json();
    }),
  );
  return filled;
}

async function requestFor(situation) {
  return {
    hook: "order-sign",
    hookInstance: crypto.randomUUID(),
    context: {
      userId: "Practitioner/demo-practitioner",
      patientId: situation.patient,
      draftOrders: { resourceType: "Bundle", type: "collection", entry: situation.orders.map((resource) => ({ resource })) },
    },
    prefetch: await prefetchFor(situation.patient),
  };
}

function showCard(card) {
  const box = element("article", `card ${card.indicator}`);
  box.append(element("h2", "", card.summary));
  box.append(...render(card.detail));
  for (const link of card.links ?? []) {
    const anchor = element("a", "", link.label);
    anchor.href = new URL(link.url).pathname + new URL(link.url).hash;
    anchor.target = "_blank";
    box.append(anchor);
  }
  box.append(element("p", "source", `Source: ${card.source.label}`));
  return box;
}

function criterion(line, determination) {
  const answer = determination.answers?.[line.id];
  if (answer === undefined) return null;
  const item = element("li", decides(line.id, determination) ? "" : "aside");
  const head = element("div", "head");
  head.append(element("span", `answer ${answer}`, answer.replace("-", " ")), element("strong", "", `${line.id} `), line.statement);
  item.append(head);
  for (const proof of determination.evidence?.[line.id] ?? []) {
    item.append(element("div", "proof", [proof.text, proof.date, proof.reference].filter(Boolean).join(" · ")));
  }
  const below = (line.criteria ?? []).map((child) => criterion(child, determination)).filter(Boolean);
  if (below.length) {
    const list = element("ul", "outline");
    list.append(...below);
    item.append(list);
  }
  return item;
}

// A branch of another tumor is shown faintly: it was judged, and has no part in the answer.
function decides(id, determination) {
  const branch = /^I\.D\.1\.[a-d]/.exec(id)?.[0];
  if (!branch) return true;
  const named = [...(determination.criteria ?? []), ...(determination.missing ?? []).map((question) => question.criterion)];
  return named.some((number) => number.startsWith(branch)) || !named.some((number) => /^I\.D\.1\.[a-d]/.test(number));
}

function showTree(determination, policy) {
  const box = element("div", "tree");
  box.append(element("h2", "", `Criteria for ${determination.order}`));
  const list = element("ul", "outline");
  list.append(...policy.criteria.map((line) => criterion(line, determination)).filter(Boolean));
  box.append(list);
  return box;
}

function show(situation, request, answer, policy) {
  const texts = situation.orders.map((order) => (order.code ?? order.codeCodeableConcept)?.text ?? order.resourceType);
  byId("orders").replaceChildren(element("p", "", `Signed: ${texts.join("; ")}`));
  const cards = answer.cards ?? [];
  byId("cards").replaceChildren(...cards.map(showCard));
  if (!cards.length) byId("cards").append(element("p", "", "No card: the policy does not address this order."));
  const determinations = cards.map((card) => card.extension?.[DETERMINATION]).filter(Boolean);
  byId("criteria").replaceChildren(...determinations.filter((d) => d.answers).map((d) => showTree(d, policy)));
  byId("request").textContent = JSON.stringify(request, null, 1);
  byId("response").textContent = JSON.stringify(answer, null, 1);
}

async function sign() {
  const situation = situations.find((one) => one.id === byId("situation").value);
  byId("status").textContent = "Signing ...";
  const request = await requestFor(situation);
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const answer = await fetchJson(`/cds-services/${service.id}`, { method: "POST", headers, body: JSON.stringify(request) });
  const policy = await fetchJson("/policies/151", { headers: { Accept: "application/json" } });
  show(situation, request, answer, policy);
  byId("status").textContent = answer.cards ? "" : `The service refused: ${answer.issue?.[0]?.details?.text}`;
}

byId("sign").addEventListener("submit", (event) => {
  event.preventDefault();
  sign().catch((error) => {
    byId("status").textContent = `Signing failed: ${error.message}`;
  });
});
