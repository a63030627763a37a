/* What was found in an article, beside its text: sanctions, events, and who and what is named. */
import { chip, route } from "./cards.js";
import { element, foreign } from "./dom.js";
import { codePoints } from "./offsets.js";
import { actWords, partyWords, plain } from "./words.js";

export const eventWords = (event) => plain([event.type, event.mode].filter(Boolean).join(", ")).toLowerCase();
const section = (words, ...children) => element("section", {}, element("h2", {}, words), children);
const parties = (all) => (all ?? []).map((party, i) => [i ? ", " : "", foreign(partyWords(party))]);
const quote = (article, span) =>
  codePoints((span.field === "title" ? article.clean.title : article.clean.text) ?? "")
    .slice(span.start, span.end)
    .join("");

export function sanctions(article) {
  if (!article.sanctions.length) return null;
  return section(
    "Sanctions",
    article.sanctions.map((sanction) =>
      element(
        "div.finding",
        {},
        element("h3", {}, element("span", { class: `badge act-${sanction.act}` }, actWords(sanction.act))),
        element(
          "dl",
          {},
          row("By", parties(sanction.issuers)),
          row("Upon", parties(sanction.targets)),
          row("In", parties(sanction.places)),
          row(
            "How many",
            (sanction.counts ?? []).map(
              (each, i) => `${i ? ", " : ""}${each.n} ${plain(each.of)}${each.cumulative ? " in all" : ""}`,
            ),
          ),
          row("Measures", (sanction.measures ?? []).map(plain).join(", ")),
          row("Programme", sanction.programme && foreign(sanction.programme)),
          row("Reason", sanction.reason && foreign(sanction.reason)),
          row("Date", sanction.date),
        ),
        (sanction.evidence ?? [])
          .slice(0, 1)
          .map((span) =>
            element("blockquote", { dir: "auto", lang: article.language?.code }, quote(article, span)),
          ),
        sanction.designation_id &&
          element(
            "p",
            {},
            element(
              "a",
              { href: route(`designation/${encodeURIComponent(sanction.designation_id)}`) },
              "Its ledger",
            ),
            sanction.new !== null && (sanction.new ? " · new to the stream" : " · known before"),
            sanction.why && sanction.why !== "new" && [": ", foreign(plain(sanction.why))],
          ),
      ),
    ),
  );
}

const row = (words, value) =>
  value == null || value === "" || value.length === 0
    ? null
    : element("div", {}, element("dt", {}, words), element("dd", {}, value));

export function events(article) {
  if (!article.events.length) return null;
  return section(
    "Events",
    element(
      "ul.plain",
      {},
      article.events.map((event) =>
        element(
          "li",
          {},
          element("span.event", {}, eventWords(event)),
          " ",
          parties(event.actors),
          event.targets?.length ? [" → ", parties(event.targets)] : null,
          event.background && " · background",
        ),
      ),
    ),
  );
}

export function names(article) {
  const groups = { PER: new Map(), ORG: new Map(), LOC: new Map() };
  for (const mention of article.mentions) {
    const name = mention.entity?.name ?? quote(article, mention);
    const group = groups[mention.type];
    if (group) group.set(name, { n: (group.get(name)?.n ?? 0) + 1, hits: mention.entity?.watchlist ?? [] });
  }
  const kinds = [
    ["PER", "person", "People"],
    ["ORG", "body", "Bodies"],
    ["LOC", "place", "Places"],
  ];
  return kinds
    .filter(([type]) => groups[type].size)
    .map(([type, kind, words]) =>
      section(
        words,
        element(
          "p.chips",
          {},
          [...groups[type]].map(([name, { n }]) => [
            chip(kind, name),
            n > 1 && element("span.count", {}, ` ${n} `),
          ]),
        ),
        watched(groups[type]),
      ),
    );
}

const watched = (group) =>
  [...group]
    .filter(([, { hits }]) => hits.length)
    .map(([name, { hits }]) =>
      element(
        "p.watched",
        {},
        foreign(name),
        hits.map((hit) => [
          " may be on ",
          foreign(hit.list_name),
          `: ${hit.reason} (${Math.round(hit.score * 100)} %)`,
        ]),
      ),
    );
