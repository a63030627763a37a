/* The ledger: who sanctioned whom, first seen where, told by whom, and what was decided of each telling. */
import { ask } from "./api.js";
import { readDesignation, readDesignations } from "./answers.js";
import { languageTag, route } from "./cards.js";
import { element, foreign, outward, show } from "./dom.js";
import { actWords, count, decisionWords, partyWords, plain, time } from "./words.js";

const parties = (all, nobody) =>
  (all ?? []).length ? all.map((party, i) => [i ? ", " : "", foreign(partyWords(party))]) : nobody;

export async function designationsView(view) {
  const all = readDesignations(await ask("designations", { size: 100 }));
  show(
    view,
    element("div.bar", {}, element("h1", {}, "Designations")),
    all.length
      ? element("ol.cards", {}, all.map(entry))
      : element(
          "p.note.empty",
          {},
          "No designations yet. The first credible telling of new sanctions begins an entry.",
        ),
  );
}

const entry = (each) =>
  element(
    "li.card",
    { "data-id": each.id },
    element(
      "p.meta",
      {},
      element("span", { class: `badge act-${each.act}` }, actWords(each.act)),
      time(each.first_seen_at),
      each.sources && element("span", {}, count(each.sources.length, "source")),
      (each.languages ?? []).map(languageTag),
    ),
    element(
      "h3",
      {},
      element(
        "a",
        { href: route(`designation/${encodeURIComponent(each.id)}`), "data-stop": true },
        who(each),
      ),
    ),
  );

const who = (each) => [
  parties(each.issuers, "Somebody"),
  " upon ",
  parties(each.targets?.length ? each.targets : each.places, "nobody named"),
  counted(each),
];
const counted = (each) =>
  (each.counts ?? []).length
    ? ` (${each.counts.map((one) => (Array.isArray(one) ? `${one[0]} ${plain(one[1])}` : plain(one))).join(", ")})`
    : "";

export async function designationView(view, id) {
  const each = readDesignation(await ask(`designations/${encodeURIComponent(id)}`));
  const first = each.sightings[0];
  show(
    view,
    element(
      "article.article",
      {},
      element("p.meta", {}, element("span", { class: `badge act-${each.act}` }, actWords(each.act))),
      element("h1", {}, who(each)),
      element(
        "dl.facts",
        {},
        fact("First seen", [time(each.first_seen_at), first && [" in ", foreign(first.source)]]),
        fact("Last seen", time(each.last_seen_at)),
        fact("By", parties(each.issuers, "not named")),
        fact("Upon", parties(each.targets, "not named")),
        fact("In", parties(each.places, "not named")),
        fact("Added to", count(each.updates ?? 0, "time")),
      ),
      element("h2", {}, count(each.sightings.length, "telling")),
      element(
        "div.scroll",
        { role: "region", tabindex: "0", "aria-label": "Tellings" },
        table(each.sightings),
      ),
    ),
  );
}

const fact = (words, value) => element("div", {}, element("dt", {}, words), element("dd", {}, value));

const table = (sightings) =>
  element(
    "table",
    {},
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        ["Seen", "Source", "Headline", "Decision", "Why"].map((words) =>
          element("th", { scope: "col" }, words),
        ),
      ),
    ),
    element(
      "tbody",
      {},
      sightings.map((sighting) =>
        element(
          "tr",
          {},
          element("td", {}, time(sighting.seen_at)),
          element(
            "td",
            {},
            foreign(sighting.source),
            " ",
            sighting.language && languageTag(sighting.language),
          ),
          element(
            "td",
            { dir: "auto", lang: sighting.language },
            element(
              "a",
              { href: route(`article/${encodeURIComponent(sighting.article_id)}`), "data-stop": true },
              sighting.title || "Article",
            ),
            sighting.url && [" ", outward(sighting.url, "↗\u00a0page")],
          ),
          element(
            "td",
            {},
            decisionWords(sighting.decision),
            (sighting.changes ?? []).map((change) => element("span.change", {}, plain(change))),
          ),
          element("td", {}, foreign(plain(sighting.why))),
        ),
      ),
    ),
  );
