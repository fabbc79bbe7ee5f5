// A request of one's own: pasted, dropped or chosen. What is wrong with it is said beside it.

import { byId } from "./dom.js";

export function listenForOwnRequest(send) {
  const form = byId("own-form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = parsed(byId("own-text").value);
    if (request) send(request, byId("own-token")?.value ?? "");
  });
  byId("own-file").addEventListener("change", async () => fill(byId("own-file").files[0]));
  byId("own").addEventListener("dragover", (event) => event.preventDefault());
  byId("own").addEventListener("drop", (event) => {
    event.preventDefault();
    fill(event.dataTransfer.files[0]);
  });
}

async function fill(file) {
  if (!file) return;
  byId("own-text").value = await file.text();
  parsed(byId("own-text").value);
}

function parsed(text) {
  const problem = byId("own-problem");
  problem.textContent = "";
  try {
    const request = JSON.parse(text);
    if (typeof request?.hook === "string") return request;
    problem.textContent = "This is JSON, but no CDS Hooks request: it has no hook.";
  } catch (error) {
    problem.textContent = `This is not JSON: ${error.message}`;
  }
  byId("own-text").focus();
  return null;
}
