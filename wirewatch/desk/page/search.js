/* Search: the question in the address, so that it can be kept and shared; facets that narrow it. */
import { address, ask, Refused } from "./api.js";
import { readCards, readFacets } from "./answers.js";
import { card, route } from "./cards.js";
import { element, foreign, show } from "./dom.js";
import { showFaults } from "./faults.js";
import { savedSearches } from "./saved.js";
import { actWords, count, languageWords, plain } from "./words.js";

const CHOICES = ["language", "source", "place", "person", "body", "event", "act", "issuer", "target", "lane"];
const ASKED = [...CHOICES, "q", "meaning", "since", "until"];
const HEADINGS = {
  person: "People",
  place: "Places",
  body: "Bodies",
  act: "Sanctions",
  event: "Events",
  language: "Languages",
  source: "Sources",
  issuer: "Issuers",
  target: "Targets",
  lane: "Lane",
};
const TIMES = {
  "": "Any time",
  "1h": "Last hour",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
};

export async function searchView(view, _, parameters) {
  const box = document.getElementById("q");
  if (document.activeElement !== box) box.value = parameters.get("meaning") ?? parameters.get("q") ?? "";
  const question = questionOf(parameters);
  let answer;
  try {
    answer = await ask("articles", { ...question, size: 25 });
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 400) throw error;
    showFaults(question.meaning?.[0] ?? question.q ?? "", error.faults);
    show(
      view,
      element("div.bar", {}, element("h1", {}, "Search")),
      element("p.note.empty", {}, "The question has a fault: it is marked under the search box."),
    );
    return;
  }
  document.getElementById("told").textContent = total(answer);
  const list = element(
    "ol.cards",
    { id: "found", "aria-label": "Stories found" },
    readCards(answer).map(card),
  );
  show(
    view,
    element("div.bar", {}, element("h1", {}, total(answer)),
      answer.offers_meaning && byMeaning(parameters),
      times(parameters),
      !question.meaning && exports(question),
      element("span.exports", {}, alertLink(asRule(question), "Alert on this")),
    ),
    chosen(parameters),
    element(
      "div.columns",
      {},
      element("div", {}, facets(answer, parameters), savedSearches(question)),
      element("div", {}, answer.total ? list : nothing(question), further(answer, question, list)),
    ),
  );
}

const total = (answer) => {
  if (!answer.total) return "Nothing found";
  return `${count(answer.total, "article")} in ${count(answer.stories, "story", "stories")}`;
};

const nothing = ({ meaning }) =>
  element(
    "p.note.empty",
    {},
    meaning
      ? "Nothing lies near. A question of several words may find more; for a single word, don’t ask by meaning."
      : "No article answers. Fewer words, a longer time, or a name in any script may find more.",
  );

function questionOf(parameters) {
  const question = {};
  for (const [name, value] of parameters)
    if (ASKED.includes(name)) question[name] = [...(question[name] ?? []), value];
  return { ...question, q: question.q?.[0] };
}

const changed = (parameters, change) => {
  const next = new URLSearchParams(parameters);
  change(next);
  return `#/search?${next}`;
};

/* Words, or what they mean: the same question asked the other way. There only where the cluster can. */
function byMeaning(parameters) {
  const [now, other] = parameters.get("meaning") ? ["meaning", "q"] : ["q", "meaning"];
  const box = element("input", {
    type: "checkbox",
    id: "by-meaning",
    checked: now === "meaning",
    onchange: () => {
      location.hash = changed(parameters, (next) => {
        next.set(other, next.get(now) ?? "");
        next.delete(now);
      });
    },
  });
  return element("label.switch", {}, box, " By meaning");
}

function times(parameters) {
  const now = parameters.get("since") ?? "";
  const select = element("select", {
    "aria-label": "Time",
    onchange: () => {
      location.hash = changed(parameters, (next) =>
        select.value ? next.set("since", select.value) : next.delete("since"),
      );
    },
  });
  const known = now in TIMES ? TIMES : { ...TIMES, [now]: `Since ${now}` };
  select.append(
    ...Object.entries(known).map(([value, words]) =>
      element("option", { value, selected: value === now }, words),
    ),
  );
  return select;
}

function exports(question) {
  const link = (format, words) =>
    element(
      "a",
      { href: address("export", { ...question, format }), download: `wirewatch.${format}` },
      words,
    );
  return element("span.exports", {}, "Export ", link("csv", "CSV"), " ", link("jsonl", "JSON Lines"));
}

function chosen(parameters) {
  const set = [...parameters].filter(([name]) => CHOICES.includes(name));
  if (!set.length) return null;
  return element(
    "ul.chosen",
    { "aria-label": "Chosen" },
    set.map(([name, value]) =>
      element(
        "li",
        {},
        element(
          "a.chip",
          {
            href: changed(parameters, (next) => next.delete(name, value)),
            "aria-label": `Without ${name}: ${value}`,
          },
          `${name}: `,
          foreign(words(name, value)),
          element("span", { "aria-hidden": "true" }, " ×"),
        ),
      ),
    ),
  );
}

function facets(answer, parameters) {
  const groups = readFacets(answer.facets).filter(
    ([field, values]) => CHOICES.includes(field) && values.length,
  );
  return element(
    "div.facets",
    { role: "group", "aria-label": "Narrow down" },
    groups.map(([field, values], i) =>
      element(
        "details",
        { open: i < 4 && matchMedia("(min-width: 60rem)").matches },
        element("summary", {}, HEADINGS[field] ?? field),
        element(
          "ul",
          {},
          values.map(({ value, count: n }) => {
            const on = parameters.getAll(field).includes(value);
            const href = changed(parameters, (next) =>
              on ? next.delete(field, value) : next.append(field, value),
            );
            return element(
              "li",
              {},
              element("a", { href, "aria-current": on ? "true" : null }, foreign(words(field, value))),
              element("span.count", {}, n.toLocaleString("en")),
            );
          }),
        ),
      ),
    ),
  );
}

function words(field, value) {
  if (field === "language") return languageWords(value);
  if (field === "act") return actWords(value).replace(/^Sanctions (.)/, (_, first) => first.toUpperCase());
  return field === "event" ? plain(value).toLowerCase() : value;
}

function further(answer, question, list) {
  let cursor = answer.cursor;
  const cut = element(
    "p.note",
    { hidden: !answer.is_cut },
    "Pages end here: narrow the question, or export all that answers.",
  );
  if (!cursor) return cut;
  const button = element(
    "button.more",
    {
      type: "button",
      onclick: async () => {
        const next = await ask("articles", { ...question, size: 25, cursor });
        const cards = readCards(next).map(card);
        list.append(...cards);
        cards[0]?.querySelector("[data-stop]")?.focus();
        cursor = next.cursor;
        cut.hidden = !next.is_cut;
        button.hidden = !cursor || !cards.length;
      },
    },
    "More",
  );
  return [button, cut];
}

/* The question as one in words, which a rule then asks of all that comes; times are left out. */
export function asRule({ q, ...chosen }, name = "") {
  const choices = CHOICES.filter((field) => chosen[field]?.length).map((field) => {
    const values = [chosen[field]].flat().map((value) => `"${value.replaceAll('"', " ")}"`);
    return `${field}:${values.length > 1 ? `(${values.join(" OR ")})` : values[0]}`;
  });
  const words = [q && choices.length ? `(${q})` : q, ...choices].filter(Boolean).join(" ");
  if (!words || chosen.meaning) return null;
  return route("rules/new", name ? { words, name } : { words });
}

export const alertLink = (href, words, label = null) =>
  href && element("a", { href, "aria-label": label }, words);

export const searchFor = (words) => {
  const name = document.getElementById("by-meaning")?.checked && words ? "meaning" : "q";
  location.hash = route("search", { [name]: words });
};
