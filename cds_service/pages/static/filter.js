// Narrows a list to the entries that hold every word that is typed; codes are found with or without their dot.

const plain = (text) => text.toLowerCase().replaceAll(".", "");

for (const input of document.querySelectorAll("[data-filters]")) {
  const list = document.querySelector(input.dataset.filters);
  const entries = [...list.querySelectorAll("[data-entry]")].map((entry) => [entry, plain(entry.textContent)]);
  const told = document.getElementById("told");
  const whole = told.textContent;
  input.form.hidden = false;
  input.form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    const found = entries.filter(([entry, text]) => {
      entry.hidden = !words.every((word) => text.includes(word));
      return !entry.hidden;
    });
    for (const [entry] of found) entry.querySelector("details").open = words.length > 0 && found.length <= 3;
    told.textContent = words.length ? `${found.length} of ${entries.length} value sets` : whole;
  });
}
