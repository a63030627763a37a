/* The live stream: newest stories first, alerts beside them. What moves can be held. */
import { ask } from "./api.js";
import { readAlerts, readCard, readCards } from "./answers.js";
import { alertItem } from "./alerts.js";
import { card } from "./cards.js";
import { element, show } from "./dom.js";
import { listen } from "./events.js";
import { count } from "./words.js";

const CARDS_MAX = 200;
const ALERTS_MAX = 50;
const waiting = new Map();
let held = false;
let line = "waiting";

export function followStream() {
  listen("api/stream", ["story", "alert", "reset"], heard, (state) => {
    line = state;
    describe();
  });
}

export async function streamView(view) {
  const answer = await ask("articles", { lane: "live", size: 40, facets: "0" });
  waiting.clear();
  const hold = element(
    "button.quiet",
    { type: "button", id: "hold", "aria-pressed": String(held), "aria-keyshortcuts": "p", onclick: toggle },
    "Hold",
  );
  const more = element("button.more", { type: "button", id: "more", hidden: true, onclick: release });
  const cards = readCards(answer);
  show(
    view,
    element("div.bar", {}, element("h1", {}, "Stories"), element("span.note", { id: "line" }), hold),
    more,
    element("ol.cards", { id: "cards", "aria-label": "Stories, newest first" }, cards.map(card)),
    !cards.length &&
      element(
        "p.note.empty",
        { id: "nothing" },
        "Nothing has come through yet. New stories appear here by themselves; what was loaded from archives is found by searching.",
      ),
  );
  describe();
}

/* The alerts beside the page: the newest, once at the start; later ones come by themselves. */
export async function showAlerts() {
  const list = document.getElementById("alert-list");
  const alerts = readAlerts(await ask("alerts"));
  show(
    list,
    alerts
      .filter((alert) => alert.status !== "suppressed")
      .slice(0, ALERTS_MAX)
      .map(alertItem),
  );
  if (!list.children.length) show(list, element("li.note.empty", {}, "No alerts."));
}

function heard(kind, data) {
  if (kind === "story" && data.lane !== "backfill") newStory(readCard(data));
  if (kind === "alert") newAlert(data);
  if (kind === "reset") window.dispatchEvent(new Event("missed"));
}

function newAlert(alert) {
  const list = document.getElementById("alert-list");
  if (alert.status === "suppressed" || list.querySelector(`[data-id="${CSS.escape(alert.id)}"]`)) return;
  list.querySelector(".empty")?.remove();
  const item = alertItem(alert);
  item.classList.add("fresh");
  list.prepend(item);
  while (list.children.length > ALERTS_MAX) list.lastElementChild.remove();
  document.getElementById("told").textContent = `Alert: ${alert.title}`;
}

function newStory(story) {
  if (!document.getElementById("cards")) return;
  waiting.delete(story.story);
  waiting.set(story.story, story);
  if (held || reading()) describe();
  else release();
}

/* Whoever has scrolled or stands on a card is reading: nothing moves under them. */
const reading = () => window.scrollY > 120 || document.activeElement?.closest?.("#cards");

function release() {
  const list = document.getElementById("cards");
  for (const story of waiting.values()) {
    list.querySelector(`[data-story="${CSS.escape(story.story)}"]`)?.remove();
    const fresh = card(story);
    fresh.classList.add("fresh");
    list.prepend(fresh);
  }
  waiting.clear();
  while (list.children.length > CARDS_MAX) list.lastElementChild.remove();
  document.getElementById("nothing")?.remove();
  describe();
}

export function toggle() {
  const button = document.getElementById("hold");
  if (!button) return;
  held = !held;
  button.setAttribute("aria-pressed", String(held));
  if (!held) release();
  describe();
}

function describe() {
  const note = document.getElementById("line");
  if (!note) return;
  note.textContent = held ? "held" : line === "live" ? "live" : "not connected; trying again";
  note.dataset.state = held ? "held" : line;
  const more = document.getElementById("more");
  more.hidden = !waiting.size;
  more.textContent = `Show ${count(waiting.size, "new story", "new stories")}`;
}
