// What went over the wire, for developers. A token is never shown.

import { byId } from "./dom.js";

const pretty = (text) => {
  try {
    return JSON.stringify(JSON.parse(text), null, 1);
  } catch {
    return text;
  }
};

export function showTraffic({ url, headers, body, answer, text, milliseconds }) {
  const sent = Object.entries(headers).map(([name, value]) => `${name}: ${name === "Authorization" ? "Bearer ..." : value}`);
  const received = [...answer.headers].map(([name, value]) => `${name}: ${value}`);
  byId("timing").textContent = `${answer.status} in ${Math.round(milliseconds)} ms; ${body.length} characters sent, ${text.length} received`;
  byId("headers").textContent = [`POST ${url}`, ...sent, "", `${answer.status} ${answer.statusText}`, ...received].join("\n");
  byId("request").textContent = pretty(body);
  byId("response").textContent = pretty(text);
  byId("curl").textContent = curl(url, headers, body);
}

// The body goes through a quoted here-document: nothing in it means anything to the shell.
function curl(url, headers, body) {
  const given = Object.entries(headers).map(([name, value]) =>
    name === "Authorization" ? `-H "Authorization: Bearer $TOKEN"` : `-H '${name}: ${value}'`);
  return `curl -s ${location.origin}${url} ${given.join(" ")} --data-binary @- <<'END-OF-REQUEST'\n${body}\nEND-OF-REQUEST`;
}

export function listenForCopies() {
  for (const button of document.querySelectorAll("[data-copies]")) {
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(byId(button.dataset.copies).textContent);
      byId("copied").textContent = "Copied.";
    });
  }
}
