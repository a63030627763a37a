/* One story as a card: its headline in its own language, who tells it, who and where, sanctions. */
import { cut } from "./offsets.js";
import { direction, element, foreign, hidden } from "./dom.js";
import { actWords, byWeight, count, languageWords, time } from "./words.js";

const CHIPS_MAX = 5;
export const route = (name, parameters = {}) => {
  const query = new URLSearchParams(parameters);
  return query.size ? `#/${name}?${query}` : `#/${name}`;
};

export function card(story) {
  return element(
    "li.card",
    { "data-story": story.story, "data-id": story.id },
    element(
      "article",
      { dir: direction(story.language) },
      meta(story),
      headline(story),
      passage(story),
      chips(story),
    ),
  );
}

function meta(story) {
  const told = story.sourceCount;
  return element(
    "p.meta",
    {},
    element("span.source", {}, foreign(story.source)),
    time(story.at),
    told > 1 && element("span", { title: story.sources.join(", ") }, count(told, "source")),
    story.copies > 0 && element("span", {}, count(story.copies, "copy", "copies")),
    element("span.languages", {}, hidden("in "), ...story.languages.map(languageTag)),
  );
}

export const languageTag = (code) => element("abbr.language", { title: languageWords(code) }, code);

const headline = (story) =>
  element(
    "h3",
    { dir: "auto", lang: story.language === "und" ? null : story.language },
    element(
      "a",
      { href: route(`article/${encodeURIComponent(story.id)}`), "data-stop": true },
      story.title ? marked(story.title, story.titleMarks) : "Without a title",
    ),
  );

/* The passage that was found; without marks it is only how the article begins. */
const passage = ({ snippet, language }) =>
  snippet.marks.length &&
  element("p.found", { dir: "auto", lang: language }, marked(snippet.text, snippet.marks));

export const marked = (text, spans) =>
  cut(
    text ?? "",
    spans.map(([start, end]) => ({ start, end })),
  ).map(({ text: words, marks }) => (marks.length ? element("mark", {}, words) : words));

function chips(story) {
  const acts = byWeight(story.acts);
  const badge = acts.map((act) =>
    element(
      "a",
      { href: route("search", { act }), class: `badge act-${act}` },
      actWords(act),
      /* of several acts a card doesn't know which issuer belongs to which */
      acts.length === 1 && story.issuers.length
        ? [" by ", foreign(story.issuers.slice(0, 2).join(", "))]
        : null,
    ),
  );
  const names = [
    ...story.places.slice(0, CHIPS_MAX).map((name) => chip("place", name)),
    ...story.people.slice(0, CHIPS_MAX).map((name) => chip("person", name)),
  ];
  const shared =
    story.shared.length &&
    element("span.note", {}, "shares ", foreign(story.shared.slice(0, CHIPS_MAX).join(", ")));
  return badge.length + names.length ? element("p.chips", {}, badge, names, shared) : null;
}

export const chip = (kind, name, label = name, language = null) =>
  element(
    "a",
    { class: `chip ${kind}`, href: route("search", { [kind]: name }) },
    hidden(`${kind}: `),
    foreign(label, language),
  );
