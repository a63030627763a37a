/* What records say in codes, in words for a reader. */
import { element } from "./dom.js";

const ACTS = {
  imposed: "Sanctions imposed",
  lifted: "Sanctions lifted",
  extended: "Sanctions extended",
  threatened_or_called_for: "Sanctions threatened or called for",
  evasion_or_enforcement: "Evasion or enforcement",
  background: "Sanctions as background",
};
const DECISIONS = {
  new: "New",
  further_source: "Further source",
  update: "Adds something",
  old: "Known before",
  not_alertable: "Raises no alert",
};
const TYPES = { PER: "person", ORG: "body", LOC: "place" };
const languageNames = new Intl.DisplayNames(["en"], { type: "language" });
const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const ago = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" });
const STEPS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

export const plain = (code) => String(code ?? "").replaceAll("_", " ");
export const actWords = (act) => ACTS[act] ?? plain(act);
/* Acts as a reader wants them: what was done before what is only told of. */
export const byWeight = (acts) => Object.keys(ACTS).filter((act) => acts.includes(act));
export const decisionWords = (decision) => DECISIONS[decision] ?? plain(decision);
export const typeWords = (type) => TYPES[type] ?? plain(type);
export const partyWords = (party) => (typeof party === "string" ? party : (party.name ?? party.text ?? ""));
export const count = (n, one, many = `${one}s`) =>
  `${Number(n).toLocaleString("en")} ${n === 1 ? one : many}`;

export function languageWords(code) {
  if (!code || code === "und") return "unknown language";
  try {
    return languageNames.of(code) ?? code;
  } catch {
    return code;
  }
}

/* How long ago, in the largest unit that fits; the date once it is more than a week. */
export function since(moment, now = Date.now()) {
  const seconds = (Date.parse(moment) - now) / 1000;
  if (Number.isNaN(seconds)) return "";
  if (Math.abs(seconds) > 7 * 86400) return moment.slice(0, 10);
  const [unit, size] = STEPS.find(([, each]) => Math.abs(seconds) >= each) ?? STEPS.at(-1);
  return ago.format(Math.round(seconds / size), unit);
}

/* Bring every time on the page up to date. */
export function refreshTimes() {
  for (const shown of document.querySelectorAll("time")) shown.textContent = since(shown.dateTime);
}

export function time(moment) {
  const at = Date.parse(moment);
  if (Number.isNaN(at)) return null;
  return element("time", { datetime: moment, title: clock.format(at) }, since(moment));
}
