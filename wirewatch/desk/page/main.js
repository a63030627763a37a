/* The desk: the address says what is shown; each view fills the page from the API. */
import { alertsView } from "./alerts.js";
import { articleView } from "./article.js";
import { designationView, designationsView } from "./designations.js";
import { element, show } from "./dom.js";
import { clearFaults } from "./faults.js";
import { bindKeys } from "./keys.js";
import { rulesView } from "./rules.js";
import { searchFor, searchView } from "./search.js";
import { stateView } from "./state.js";
import { refreshTimes } from "./words.js";
import { followStream, showAlerts, streamView } from "./stream.js";

const VIEWS = {
  "": [streamView, "Stories"],
  alerts: [alertsView, "Alerts"],
  search: [searchView, "Search"],
  article: [articleView, "Article"],
  designations: [designationsView, "Designations"],
  designation: [designationView, "Designation"],
  rules: [rulesView, "Rules"],
  state: [stateView, "State"],
};
const view = document.getElementById("view");
let turn = 0;
let left = null;

function place() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const [name, ...rest] = path.split("/");
  return {
    name,
    id: rest.length ? decodeURIComponent(rest.join("/")) : null,
    parameters: new URLSearchParams(query ?? ""),
  };
}

async function draw(event) {
  const mine = (turn += 1);
  const { name, id, parameters } = place();
  const [draws, title] = VIEWS[name] ?? VIEWS[""];
  const sheet = element("div");
  document.title = `${title} · Wirewatch`;
  document.body.dataset.view = name || "stream";
  for (const link of document.querySelectorAll(".top nav a")) {
    if (link.hash === `#/${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  clearFaults();
  if (name !== "search" && document.activeElement?.id !== "q") document.getElementById("q").value = "";
  view.setAttribute("aria-busy", "true");
  view.replaceChildren(sheet);
  try {
    await draws(sheet, id, parameters);
  } catch (error) {
    if (mine === turn) show(sheet, trouble(error));
  }
  if (mine !== turn) return;
  view.setAttribute("aria-busy", "false");
  if (event) settle();
}

/* Where a reader stands in a new view: on the entry they left it by, else at its beginning. */
function settle() {
  const entry =
    left?.view === location.hash && view.querySelector(`[data-stop][href="${CSS.escape(left.entry)}"]`);
  if (entry) {
    entry.focus();
    return;
  }
  if (document.activeElement?.id !== "q") view.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

const trouble = (error) =>
  element(
    "div.trouble",
    { role: "alert" },
    element("h1", {}, error.status === 404 ? "Not found" : "The desk did not answer"),
    element("p", {}, error.message),
    element("button", { type: "button", onclick: () => draw() }, "Try again"),
  );

document.getElementById("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const q = document.getElementById("q").value.trim();
  const hash = location.hash;
  searchFor(q);
  if (location.hash === hash) draw(event);
});
for (const link of document.querySelectorAll("[data-skip]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById(link.dataset.skip).focus();
  });
}
view.addEventListener("click", (event) => {
  const stop = event.target.closest("[data-stop]");
  if (stop) left = { view: location.hash, entry: stop.getAttribute("href") };
});
window.addEventListener("hashchange", draw);
window.addEventListener("missed", () => {
  showAlerts();
  if (!location.hash.replace(/^#\/?/, "")) draw();
});
bindKeys();
draw();
showAlerts().catch((error) =>
  show(document.getElementById("alert-list"), element("li.note.empty", {}, error.message)),
);
followStream();
setInterval(refreshTimes, 30_000);
