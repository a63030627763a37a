/* What the API answers, as the page reads it: the one place that knows its shapes.
 *
 * card        {story, id, title, language, source, at, url, sources: [name], languages: [code], copies,
 *              people: [name], places: [name], organisations: [name], acts: [act], issuers: [name],
 *              highlights: [{field, text, spans: [[start, end]]}]}
 * fault       {reason, detail, position, length, line, mend}
 * facets      {field: [{value, count}]}
 * Offsets count Unicode code points, ends exclusive. What is missing is read as empty, never guessed.
 */

const list = (value) => (Array.isArray(value) ? value : value == null ? [] : [value]);

export function readCard(given) {
  const article = given.article ?? given;
  return {
    story: given.story ?? given.cluster_id ?? article.cluster_id ?? article.id,
    id: article.id,
    title: article.title || (article.text ?? "").slice(0, 120),
    language: article.language ?? "und",
    source: article.source ?? "",
    at: article.published_at ?? article.fetched_at,
    url: article.url,
    sources: list(given.sources ?? article.source),
    languages: list(given.languages ?? article.language),
    copies: given.copies ?? 0,
    people: list(article.people),
    places: list(article.places),
    organisations: list(article.organisations ?? article.bodies),
    acts: list(article.sanction_acts ?? article.acts),
    issuers: list(article.sanction_issuers ?? article.issuers),
    highlights: list(given.highlights ?? article.highlights),
  };
}

export function readFacets(given) {
  return Object.entries(given ?? {}).map(([field, values]) => [
    field,
    list(values).map((each) => ({
      value: String(each.value ?? each.key),
      count: each.count ?? each.doc_count ?? 0,
    })),
  ]);
}

export function readFaults(given) {
  return list(given?.faults ?? given?.fault ?? (given?.reason || given?.detail ? given : [])).map((each) => ({
    reason: each.reason ?? "",
    detail: each.detail ?? each.message ?? "",
    position: each.position ?? null,
    length: each.length ?? 1,
    line: each.line || null,
    mend: each.mend ?? "",
  }));
}

/* An article as its record has it, whichever way it is wrapped. */
export function readArticle(given) {
  const record = given.record ?? given.article ?? given;
  return {
    ...record,
    clean: { title: "", text: "", segments: [], ...record.clean },
    mentions: list(record.mentions),
    events: list(record.events),
    sanctions: list(record.sanctions),
  };
}

export const readAlerts = (given) => list(given.alerts ?? given);
export const readCards = (given) => list(given.cards ?? given.similar ?? given.articles).map(readCard);
export const readRules = (given) => list(given.rules ?? given);
export const readDesignations = (given) => list(given.designations ?? given);
export const readDesignation = (given) => ({ sightings: [], ...(given.record ?? given.designation ?? given) });
