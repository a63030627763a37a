/* What the API answers, as the page reads it: the one place that knows its shapes (api/openapi.json).
 * Offsets count Unicode code points, ends exclusive. What is missing is read as empty, never guessed. */

const list = (value) => (Array.isArray(value) ? value : []);
const values = (counts) => list(counts).map((each) => each.value ?? each);

export function readCard(given) {
  const languages = values(given.languages);
  return {
    story: given.story ?? given.id,
    id: given.id,
    title: given.title || given.snippet?.text || "",
    titleMarks: given.title ? list(given.snippet?.title_marks) : [],
    language: given.language ?? "und",
    source: given.source ?? "",
    at: given.published_at ?? given.fetched_at,
    sources: values(given.sources),
    sourceCount: given.source_count ?? 1,
    languages: languages.length ? languages : [given.language].filter(Boolean),
    copies: given.copies ?? 0,
    people: list(given.people),
    places: list(given.places),
    acts: list(given.sanction_acts),
    issuers: list(given.sanction_issuers),
    snippet: { text: given.title ? (given.snippet?.text ?? "") : "", marks: list(given.snippet?.marks) },
    shared: list(given.shared),
  };
}

export const readFacets = (given) => Object.entries(given ?? {}).filter(([field]) => field !== "time");

/* All that is wrong with a request: one fault with its place, or one a line of a rule. */
export function readFaults(given) {
  const error = given?.error;
  if (!error) return [];
  if (list(error.faults).length) return error.faults.map(({ line, message }) => ({ line, detail: message }));
  return [
    {
      position: error.at ?? null,
      parameter: error.parameter ?? null,
      line: null,
      detail: error.detail ?? "",
      mend: error.mend ?? "",
    },
  ];
}

export function readArticle(given) {
  const record = given.article;
  return {
    ...record,
    clean: { title: "", text: "", segments: [], ...record.clean },
    mentions: list(record.mentions),
    events: list(record.events),
    sanctions: list(record.sanctions),
  };
}

export const readAlerts = (given) => list(given.alerts);
export const readCards = (given) => list(given.cards).map(readCard);
export const readRules = (given) => list(given.rules);
export const readDesignations = (given) => list(given.designations);
export const readDesignation = (given) => ({ sightings: [], ...given.designation });
