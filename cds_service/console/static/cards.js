// Cards as an EHR shows them: indicator, summary, detail, links, suggestions, override reasons.

import { byId, element } from "./dom.js";
import { giveFeedback } from "./ehr.js";
import { render } from "./markdown.js";
import { applyActions } from "./order_entry.js";

const WORDS = { info: "Information", warning: "Warning", critical: "Critical" };

export function showCards(answer, service, token) {
  const cards = answer.cards ?? [];
  byId("cards").replaceChildren(...cards.map((card) => cardBox(card, service, token)));
  if (!cards.length) byId("cards").append(element("p", { text: "No card: no policy addresses what was sent." }));
  byId("actions").replaceChildren(...(answer.systemActions ?? []).map(actionBox));
  byId("answer").hidden = false;
}

function cardBox(card, service, token) {
  const indicator = card.indicator in WORDS ? card.indicator : "info";
  const box = element("article", { className: `card ${indicator}` });
  box.append(
    element("p", { className: "faint", text: WORDS[indicator] }),
    element("h3", { text: card.summary }),
    ...render(card.detail ?? ""),
    element("p", { className: "row" }, ...(card.links ?? []).map(link)),
    ...(card.suggestions ?? []).map((suggestion) => suggestionRow(suggestion, card, service, token)),
  );
  if (card.overrideReasons?.length) box.append(overrideRow(card, service, token));
  box.append(element("p", { className: "faint", text: `Source: ${card.source?.label ?? ""}` }));
  return box;
}

// A link to this service is followed here, whatever address clients know it by.
function link({ url, label }) {
  const to = new URL(url, location.href);
  const isSafe = ["http:", "https:"].includes(to.protocol);
  const here = ["/policies", "/forms"].some((path) => to.pathname.startsWith(path)) ? to.pathname + to.hash : to.href;
  return element("a", { href: isSafe ? here : "#", target: "_blank", rel: "noopener noreferrer", text: label });
}

function suggestionRow(suggestion, card, service, token) {
  const button = element("button", { type: "button", text: `Accept: ${suggestion.label}` });
  const told = element("span", { role: "status" });
  button.addEventListener("click", async () => {
    const acceptedSuggestions = [{ id: suggestion.uuid }];
    if (byId("orders")) applyActions(suggestion.actions ?? []);
    const kept = await giveFeedback(service, { card: card.uuid, outcome: "accepted", acceptedSuggestions }, token);
    button.disabled = true;
    told.textContent = kept ? "Accepted; the service was told." : "Accepted; the service could not be told.";
  });
  return element("p", { className: "row" }, button, told);
}

function overrideRow(card, service, token) {
  const select = element("select", { "aria-label": "Reason to override this card" });
  select.append(...card.overrideReasons.map((reason, index) => element("option", { value: index, text: reason.display })));
  const button = element("button", { type: "button", text: "Override" });
  const told = element("span", { role: "status" });
  button.addEventListener("click", async () => {
    const { code, system, display } = card.overrideReasons[select.value];
    const overrideReason = { reason: { code, system, display } };
    const kept = await giveFeedback(service, { card: card.uuid, outcome: "overridden", overrideReason }, token);
    told.textContent = kept ? "Overridden; the service was told." : "The service could not be told.";
  });
  return element("p", { className: "row" }, select, button, told);
}

const COVERAGE_INFORMATION = "/ext-coverage-information";

function actionBox({ description, resource }) {
  const stated = (resource?.extension ?? []).filter((one) => one.url?.endsWith(COVERAGE_INFORMATION));
  const box = element("article", { className: "card action" });
  const name = resource ? `${resource.resourceType}/${resource.id}` : "";
  box.append(element("h3", { text: `On the order ${name}: ${description ?? "updated"}` }), ...stated.map(statement));
  return box;
}

function statement(one) {
  const list = element("dl", { className: "stated" });
  for (const part of one.extension ?? []) {
    const value = Object.entries(part).find(([key]) => key.startsWith("value"))?.[1];
    const said = typeof value === "object" ? value.text ?? value.reference ?? value.code ?? value.coding?.[0]?.code : value;
    if (said !== undefined) list.append(element("dt", { text: part.url }), element("dd", { text: String(said) }));
  }
  return list;
}
