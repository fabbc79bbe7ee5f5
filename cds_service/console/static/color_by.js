// Colors the policy's tree by the answers for one of the demonstration's patients.

import { byId } from "./dom.js";
import { signRequest } from "./ehr.js";

const plain = byId("drawn").innerHTML;

async function color(id) {
  if (!id) {
    byId("drawn").innerHTML = plain;
    return "";
  }
  const situation = (await (await fetch("/console/situations")).json()).find((one) => one.id === id);
  const body = JSON.stringify({ request: await signRequest(situation.patient, situation.orders) });
  const answer = await fetch("/console/explanation", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const drawn = page.querySelector(".graph");
  byId("drawn").innerHTML = plain;
  if (!drawn) return "This order is judged without the tree.";
  for (const node of drawn.querySelectorAll("a")) {
    node.removeAttribute("target");
    node.setAttribute("href", `#${node.dataset.id}`);
  }
  byId("drawn").replaceChildren(document.adoptNode(drawn));
  return page.querySelector(".verdict").textContent.replaceAll(/\s+/g, " ").trim();
}

byId("colored").addEventListener("change", async (event) => {
  byId("colored-told").textContent = await color(event.target.value);
});
