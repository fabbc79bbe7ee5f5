// While a person answers: which questions are open now, what the answers lead to. The service judges; nothing is saved.

const form = document.getElementById("form");
const told = document.getElementById("told");
const SIGNS = { met: "✓", "not-met": "✗", unknown: "?" };
let turn = 0; // of several questions only the last one's answer is shown

const each = (selector, within = document) => [...within.querySelectorAll(selector)];

async function ask() {
  const mine = ++turn;
  const body = new URLSearchParams(new FormData(form));
  const options = { method: "POST", body, headers: { Accept: "application/json" }, cache: "no-store" };
  const answer = await fetch(`${form.getAttribute("action")}/outcome`, options);
  if (mine !== turn) return;
  const said = await answer.json();
  if (mine === turn) answer.ok ? show(said) : say(said.issue?.[0]?.details?.text ?? "It could not be asked now.");
}

function show({ enabled, faults, orders }) {
  for (const question of each("[data-question]", form)) {
    const name = question.dataset.question;
    if (isAsked(name)) open(question, enabled.includes(name));
    fault(name, faults[name] ?? "");
  }
  orders.forEach(standing);
  say(orders.map((order) => order.sentence).join("; "));
  document.body.dataset.judged = String(turn);
}

const isAsked = (name) => each('[name="asked"]', form).some((one) => one.value === name);

function open(question, isOpen) {
  question.hidden = !isOpen;
  question.closest(".group").hidden = !each("[data-question]", question.closest(".group")).some((one) => !one.hidden);
}

function fault(name, words) {
  const place = document.getElementById(`fault-${name}`);
  place.textContent = words;
  place.hidden = !words;
  const typed = document.getElementById(name);
  if (typed?.type === "text") words ? typed.setAttribute("aria-invalid", "true") : typed.removeAttribute("aria-invalid");
}

function standing({ outcome, sentence, answers, decides }, index) {
  const section = document.querySelector(`[data-order="${index}"]`);
  const verdict = section.querySelector("[data-sentence]");
  verdict.textContent = sentence;
  verdict.className = `verdict ${outcome}`;
  for (const row of each("[data-criterion]", section)) criterion(row, answers[row.dataset.criterion] ?? "", decides);
}

function criterion(row, answer, decides) {
  row.hidden = !answer;
  row.classList.toggle("decides", decides.includes(row.dataset.criterion));
  row.querySelector(".answer").className = `answer ${answer}`;
  row.querySelector("[data-sign]").textContent = SIGNS[answer] ?? "";
  row.querySelector("[data-word]").textContent = answer.replace("-", " ");
}

// Told only when it changes: what is read out again for every answer is not listened to.
function say(words) {
  if (told.textContent !== words) told.textContent = words;
}

// A number and "don't know" exclude each other.
function settle({ target }) {
  const { name } = target;
  if (target.type === "checkbox" && target.checked) form.elements[name.replace(/\.unknown$/, "")].value = "";
  else if (target.type === "text" && target.value && form.elements[`${name}.unknown`]) form.elements[`${name}.unknown`].checked = false;
}

form.addEventListener("change", (event) => {
  settle(event);
  if (event.target.closest("[data-question]")) ask().catch(() => say("It could not be asked now; the answers can be saved all the same."));
});
for (const question of each("[data-waits]", form)) open(question, false);
for (const when of each(".when", form)) when.hidden = true; // what it says is seen to here
document.getElementById("check").hidden = true;
document.getElementById("faults")?.focus();
document.body.dataset.ready = "yes";
