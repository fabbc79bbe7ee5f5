// The EHR's part of CDS Hooks: discovery, prefetch templates filled from the FHIR server, a call, feedback.

const json = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
};

let discovered;
export const services = async () => (discovered ??= (await json("/cds-services")).services);

export async function serviceFor(hook) {
  const found = (await services()).find((offered) => offered.hook === hook);
  if (!found) throw new Error(`no service answers the hook ${String(hook).slice(0, 60)}; see /cds-services`);
  return found;
}

async function filled(template, context) {
  const query = template.replaceAll(/\{\{context\.(\w+)\}\}/g, (token, name) => encodeURIComponent(context[name] ?? token));
  if (query.includes("%7B%7B")) return null;
  const answer = await fetch(`/demo/fhir/${query}`);
  return answer.ok ? answer.json() : null;
}

async function prefetched(service, context) {
  const keys = Object.entries(service.prefetch ?? {});
  const values = await Promise.all(keys.map(([, template]) => filled(template, context)));
  return Object.fromEntries(keys.map(([key], index) => [key, values[index]]).filter(([, value]) => value !== null));
}

export async function signRequest(patientId, orders) {
  const service = await serviceFor("order-sign");
  const encounter = orders.map((order) => order.encounter?.reference).find(Boolean);
  const context = {
    userId: "Practitioner/demo-practitioner",
    patientId,
    ...(encounter ? { encounterId: encounter.replace("Encounter/", "") } : {}),
    draftOrders: { resourceType: "Bundle", type: "collection", entry: orders.map((resource) => ({ resource })) },
  };
  return {
    hook: "order-sign",
    hookInstance: crypto.randomUUID(),
    fhirServer: `${location.origin}/demo/fhir`,
    context,
    prefetch: await prefetched(service, context),
  };
}

// Where calls need a token the demonstration's own client signs one; elsewhere there is none to be had.
async function tokenFor(serviceId) {
  if (!document.getElementById("patients")) return "";
  const answer = await fetch(`/console/token/${serviceId}`, { method: "POST" });
  return answer.ok ? (await answer.json()).token : "";
}

async function post(url, serviceId, body, token) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const bearer = token || (await tokenFor(serviceId));
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  const began = performance.now();
  const answer = await fetch(url, { method: "POST", headers, body });
  const text = await answer.text();
  return { url, headers, body, answer, text, milliseconds: performance.now() - began };
}

export async function call(request, token) {
  const service = await serviceFor(request.hook);
  const traffic = await post(`/cds-services/${service.id}`, service.id, JSON.stringify(request), token);
  let answer = {};
  try {
    answer = JSON.parse(traffic.text || "{}");
  } catch {
    answer = {};
  }
  return { service, traffic, answer };
}

export async function giveFeedback(service, entry, token) {
  const body = JSON.stringify({ feedback: [{ ...entry, outcomeTimestamp: new Date().toISOString() }] });
  const { answer } = await post(`/cds-services/${service.id}/feedback`, service.id, body, token);
  return answer.ok;
}
