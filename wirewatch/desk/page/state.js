/* The state of feeds, stages and lag, as tables: whatever columns the API gives. */
import { ask } from "./api.js";
import { element, foreign, show } from "./dom.js";
import { plain, time } from "./words.js";

const COLUMNS = {
  group: "Group",
  topic: "Reads",
  behind: "Behind",
  name: "What",
  value: "How many",
  url: "Address",
};
const TIMES = /_at$|^next$|^last_success$/;
const AGAIN_MS = 10_000;
const HEADINGS = {
  feeds: "Feeds",
  stages: "Stages",
  lag: "Lag",
  dead_letters: "Dead letters",
  counts: "In the index",
};
let timer = null;

export async function stateView(view) {
  clearTimeout(timer);
  const state = await ask("state");
  show(
    view,
    element(
      "div.bar",
      {},
      element("h1", {}, "State"),
      element("span.note", {}, "looked at again every 10 seconds"),
    ),
    sections(state),
  );
  timer = setTimeout(() => stateAgain(view), AGAIN_MS);
}

/* Not while somebody stands in a table: it would be taken from under them. */
function stateAgain(view) {
  if (!view.isConnected) return;
  if (view.contains(document.activeElement)) timer = setTimeout(() => stateAgain(view), AGAIN_MS);
  else stateView(view).catch(() => (timer = setTimeout(() => stateAgain(view), AGAIN_MS)));
}

function sections(state) {
  const tables = Object.entries(state).filter(([, value]) => value !== null && typeof value === "object");
  const facts = Object.entries(state).filter(([, value]) => value !== null && typeof value !== "object");
  return [
    facts.length &&
      element(
        "dl.facts",
        {},
        facts.map(([name, value]) =>
          element("div", {}, element("dt", {}, plain(name)), element("dd", {}, cell(name, value))),
        ),
      ),
    ...tables.map(([name, value]) =>
      element(
        "section",
        {},
        element("h2", {}, HEADINGS[name] ?? plain(name)),
        table(rows(value), HEADINGS[name] ?? plain(name)),
      ),
    ),
  ];
}

/* An array of records as it is; an object as a row a key. */
function rows(value) {
  if (Array.isArray(value)) return value.map((each) => (typeof each === "object" ? each : { name: each }));
  return Object.entries(value).map(([name, each]) =>
    each !== null && typeof each === "object" && !Array.isArray(each)
      ? { name, ...each }
      : { name, value: each },
  );
}

function table(all, words) {
  if (!all.length) return element("p.note.empty", {}, "None.");
  const columns = [...new Set(all.flatMap((row) => Object.keys(row)))];
  return element(
    "div.scroll",
    { role: "region", tabindex: "0", "aria-label": words },
    element(
      "table",
      {},
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          columns.map((name) =>
            element("th", { scope: "col", class: numeric(all, name) && "number" }, headed(name)),
          ),
        ),
      ),
      element(
        "tbody",
        {},
        all.map((row) =>
          element(
            "tr",
            { class: troubled(row) && "trouble" },
            columns.map((name) =>
              element("td", { class: numeric(all, name) && "number" }, cell(name, row[name])),
            ),
          ),
        ),
      ),
    ),
  );
}

const headed = (name) => COLUMNS[name] ?? plain(name).replace(/^./, (first) => first.toUpperCase());
const numeric = (all, name) => all.some((row) => typeof row[name] === "number");
const troubled = (row) =>
  Boolean(row.error ?? row.last_error) || row.stalled === true || (row.failures ?? 0) > 0;

function cell(name, value) {
  if (value === null || value === undefined) return "–";
  if (TIMES.test(name)) return time(value) ?? String(value);
  if (typeof value === "number")
    return Number.isInteger(value) ? value.toLocaleString("en") : value.toFixed(2);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value))
    return foreign(
      value.map((each) => (typeof each === "object" ? JSON.stringify(each) : each)).join(", ") || "–",
    );
  return foreign(typeof value === "object" ? JSON.stringify(value) : value);
}
