// Single keys for the queue, as its legend names them: to the next and the previous figure, approve, return. They are silent
// while somebody types, and can be switched off for good: who speaks to the computer may say a letter without meaning it.
const legend = document.getElementById("queue-keys");
const toggle = legend?.querySelector("input");
const rows = [...document.querySelectorAll(".queue .waits")];
const PLACE = "queue-place";
const OFF = "queue-keys-off";

function handleOf(row) {
  return row.querySelector("h3 input, h3 a");
}

function go(step) {
  const place = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(Math.max(place + step, 0), rows.length - 1)];
  handleOf(next)?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const actions = {
  next: () => go(1),
  previous: () => go(-1),
  approve: (row) => row?.querySelector("button.approve")?.click(),
  return: (row) => {
    const details = row?.querySelector("details");
    if (!details) return;
    details.open = true;
    details.querySelector("textarea").focus();
  },
};

function isTyping(target) {
  return target.closest("textarea, select, [contenteditable], input:not([type='checkbox'])");
}

if (legend && rows.length) {
  const keys = new Map(
    [...legend.querySelectorAll("kbd")].map((key) => [key.textContent.trim().toLowerCase(), key.dataset.does]),
  );
  legend.hidden = false;
  toggle.checked = !localStorage.getItem(OFF);
  toggle.addEventListener("change", () => {
    if (toggle.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !toggle.checked || isTyping(event.target)) return;
    const action = actions[keys.get(event.key.toLowerCase())];
    if (!action) return;
    event.preventDefault();
    action(event.target.closest(".waits"));
  });
  // After a decision on one figure the page comes anew: the work goes on at the same place.
  for (const form of document.querySelectorAll("form.queue")) {
    form.addEventListener("submit", (event) => {
      const place = rows.findIndex((row) => event.submitter?.name === "row_transition" && row.contains(event.submitter));
      if (place >= 0) sessionStorage.setItem(PLACE, place);
    });
  }
  const place = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  const next = place === null || document.querySelector("[autofocus]") ? null : rows[Math.min(place, rows.length - 1)];
  if (next) handleOf(next)?.focus();
}
