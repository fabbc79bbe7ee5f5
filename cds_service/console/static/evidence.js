// The resource behind a statement, one click away: looked for in what was sent, then at the FHIR server.

import { byId, element } from "./dom.js";

const TELLING = {
  Observation: /^(value|component|interpretation|dataAbsentReason)/,
  Condition: /^(code|clinicalStatus|verificationStatus|onset|recordedDate|evidence|bodySite|stage)/,
  Procedure: /^(code|status|performed|reason|outcome)/,
  DiagnosticReport: /^(code|status|effective|conclusion|category)/,
  Coverage: /^(type|payor|class|period|status)/,
  ServiceRequest: /^(code|reason|bodySite|extension|orderDetail)/,
};
const OTHERS = /^(code|status|value|effective|performed|medication)/;

export function resourcesOf(request) {
  const bundles = [request.context?.draftOrders, request.context?.appointments, ...Object.values(request.prefetch ?? {})];
  const listed = bundles.flatMap((one) => (one?.entry ? one.entry.map((entry) => entry.resource) : [one])).filter(Boolean);
  return new Map(listed.map((one) => [`${one.resourceType}/${one.id}`, one]));
}

export async function showEvidence(reference, links, resources) {
  const found = resources.get(reference) ?? (await read(reference));
  byId("evidence-title").textContent = reference;
  byId("evidence-about").textContent = found ? "What decides is marked." : "This resource is not in what was sent.";
  byId("evidence-body").replaceChildren(...(found ? lines(found, links.split(" ").filter(Boolean)) : []));
  byId("evidence").showModal();
  byId("evidence-body").querySelector("mark")?.scrollIntoView({ block: "center" });
}

async function read(reference) {
  if (!/^[A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(reference)) return null;
  const answer = await fetch(`/demo/fhir/${reference}`);
  return answer.ok ? answer.json() : null;
}

function lines(resource, links) {
  const members = Object.entries(resource);
  const shown = members.map(([key, value], index) => {
    const comma = index < members.length - 1 ? "," : "";
    const text = ` ${JSON.stringify(key)}: ${indented(JSON.stringify(value, null, 1))}${comma}\n`;
    if (resource.resourceType === "QuestionnaireResponse" && key === "item") return answers(value, links, comma);
    const isTelling = (TELLING[resource.resourceType] ?? OTHERS).test(key);
    return [isTelling ? element("mark", { text }) : text];
  });
  return ["{\n", ...shown.flat(), "}"];
}

function answers(items, links, comma) {
  const shown = (Array.isArray(items) ? items : [items]).map((item) => {
    const text = `  ${indented(indented(JSON.stringify(item, null, 1)))},\n`;
    return links.includes(item?.linkId) ? element("mark", { text }) : text;
  });
  return [` "item": [\n`, ...shown, ` ]${comma}\n`];
}

const indented = (text) => text.replaceAll("\n", "\n ");

export function listenForEvidence(resources) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-evidence]");
    if (button) showEvidence(button.dataset.evidence, button.dataset.links ?? "", resources());
  });
  byId("evidence-close").addEventListener("click", () => byId("evidence").close());
}
