/* The keyboard: one letter a deed, never while somebody is writing. */
import { toggle } from "./stream.js";

const stops = () => [...document.querySelectorAll("#view [data-stop]")].filter((stop) => stop.offsetParent);
const writing = (target) => target.matches?.("input, textarea, select, [contenteditable]");

export function step(by) {
  const all = stops();
  const now = all.indexOf(document.activeElement);
  const near = now < 0 && by < 0 ? all.length : now;
  const next = all[Math.min(Math.max(near + by, 0), all.length - 1)];
  next?.focus();
  next?.closest("li, tr")?.scrollIntoView({ block: "nearest" });
}

const DEEDS = {
  j: () => step(1),
  k: () => step(-1),
  p: toggle,
  "/": () => document.getElementById("q").select(),
  "?": () => document.getElementById("keys").showModal(),
};

export function bindKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return leave(event);
    const deed = DEEDS[event.key];
    if (!deed || writing(event.target)) return;
    event.preventDefault();
    deed();
  });
  document.getElementById("help").addEventListener("click", DEEDS["?"]);
}

function leave(event) {
  if (event.isComposing) return;
  if (writing(event.target)) event.target.blur();
  else if (location.hash.length > 2) history.back();
}
