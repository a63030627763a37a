/* An article: what was kept with names, events and sanctions marked in it, and the page as it came. */
import { ask } from "./api.js";
import { readArticle, readCards } from "./answers.js";
import { card, languageTag, route } from "./cards.js";
import { events, eventWords, names, sanctions } from "./findings.js";
import { direction, element, foreign, outward, show } from "./dom.js";
import { codePoints, cutLines } from "./offsets.js";
import { actWords, languageWords, time, typeWords } from "./words.js";

export async function articleView(view, id, parameters) {
  const path = `articles/${encodeURIComponent(id)}`;
  const article = readArticle(await ask(path));
  const raw = parameters.get("show") === "raw";
  if (view.isConnected) document.title = `${article.clean.title || "Article"} · Wirewatch`;
  show(
    view,
    element(
      "article.article",
      {},
      heading(article),
      element(
        "nav.tabs",
        { "aria-label": "Text" },
        tab(id, "What was kept", null, !raw),
        tab(id, "The page as it came", "raw", raw),
      ),
      element(
        "div.columns.reading",
        {},
        raw ? rawText(article) : keptText(article),
        element("div.found-here", {}, sanctions(article), events(article), names(article)),
      ),
    ),
  );
  const similar = readCards(await ask(`${path}/similar`).catch(() => []));
  if (similar.length)
    view.append(
      element(
        "section.similar",
        {},
        element("h2", {}, "Similar articles"),
        element("ol.cards", {}, similar.map(card)),
      ),
    );
}

const tab = (id, words, what, current) =>
  element(
    "a",
    {
      href: route(`article/${encodeURIComponent(id)}`, what ? { show: what } : {}),
      "aria-current": current ? "true" : null,
    },
    words,
  );

function heading(article) {
  const language = article.language?.code;
  const { story, clean } = article;
  return element(
    "header",
    { dir: direction(language) },
    element(
      "p.meta",
      {},
      element("span.source", {}, foreign(article.source)),
      time(clean.published_at ?? article.fetched_at),
      language && [languageTag(language), element("span", {}, languageWords(language))],
      clean.byline && foreign(clean.byline, language),
      clean.agency && foreign(clean.agency),
      article.lane === "backfill" && element("span", {}, "from the archive"),
      story &&
        story.relation !== "first" &&
        element(
          "a",
          { href: route(`article/${encodeURIComponent(story.cluster_id)}`) },
          story.relation === "copy" ? "copy of an earlier article" : "related to an earlier article",
        ),
      article.url && outward(article.url, "the outlet’s page"),
    ),
    element(
      "h1",
      { dir: "auto", lang: language },
      clean.title ? marked(clean.title, marksIn(article, "title"))[0] : "Without a title",
    ),
    story?.thread_because &&
      element(
        "p.note",
        {},
        element(
          "a",
          { href: route("search", { q: `thread:"${story.thread_id}"` }) },
          "Other stories of this event",
        ),
        ": ",
        foreign(story.thread_because),
      ),
  );
}

const keptText = (article) =>
  element(
    "div.text",
    { lang: article.language?.code, dir: direction(article.language?.code) },
    marked(article.clean.text ?? "", marksIn(article, "text")).map((line) =>
      element("p", { dir: "auto" }, line),
    ),
  );

/* Every line of the page with what it was taken for; of HTML, the source, as text. */
function rawText(article) {
  const content = article.raw?.content ?? "";
  const { segments } = article.clean;
  if (!segments.length)
    return element(
      "div.text.raw",
      {},
      element(
        "p.note",
        {},
        article.raw?.format === "html"
          ? "The page came as HTML: this is its source."
          : "No line of this page was sorted.",
      ),
      element("pre", { dir: "auto" }, content),
    );
  const points = codePoints(content);
  return element(
    "ol.text.raw",
    { lang: article.language?.code, dir: direction(article.language?.code) },
    segments.map(({ start, end, role, language }) => {
      const kept = ["title", "body", "subhead"].includes(role);
      return element(
        "li",
        { class: kept ? "kept" : "stripped" },
        element(
          "span.role",
          {},
          kept ? role : `${role.replace("_", " ")}, ${["boilerplate", "duplicate"].includes(role) ? "stripped" : "set apart"}`,
        ),
        element("p", { dir: "auto", lang: language }, points.slice(start, end).join("")),
      );
    }),
  );
}

/* All that is marked in a field: names, triggers of events, the sentences that tell of sanctions. */
function marksIn(article, field) {
  const marks = article.mentions.map((mention) => ({
    ...mention,
    kind: `name ${mention.type}`,
    title: `${typeWords(mention.type)}: ${mention.entity?.name ?? ""}`,
  }));
  for (const event of article.events)
    if (event.trigger)
      marks.push({ ...event.trigger, kind: "trigger", title: `event: ${eventWords(event)}` });
  for (const sanction of article.sanctions)
    for (const span of sanction.evidence ?? [])
      marks.push({ ...span, kind: "evidence", title: actWords(sanction.act) });
  return marks.filter((mark) => mark.field === field);
}

function marked(text, marks) {
  return cutLines(text, marks).map((pieces) =>
    pieces.map((piece) =>
      piece.marks.length
        ? element(
            "mark",
            {
              class: piece.marks.map((mark) => mark.kind).join(" "),
              title: piece.marks.map((mark) => mark.title).join("; "),
            },
            piece.text,
          )
        : piece.text,
    ),
  );
}
