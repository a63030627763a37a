/* Rules: written as YAML, tried against the last days, then put in force. Faults stand by their line. */
import { ask, Refused, send } from "./api.js";
import { readRules } from "./answers.js";
import { languageTag, route } from "./cards.js";
import { element, foreign, show } from "./dom.js";
import { count, time } from "./words.js";

const DRAFT = `id: my-rule
description: What it is for.
type: any
watch: articles
words: sanctions | عقوبات
severity: info
title: "$title ($source)"
`;

/* A search as a rule: the same question, of what comes from now on. */
function draftFor(parameters) {
  const words = parameters.get("words");
  if (!words) return DRAFT;
  const name = parameters.get("name") ?? "";
  const id = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "my-rule";
  return [
    `id: ${id.slice(0, 100)}`,
    ...(name ? [`description: ${JSON.stringify(name)}`] : []),
    "type: any",
    "watch: articles",
    `words: '${words.replaceAll("'", "''")}'`,
    "key: cluster_id # one alert a story",
    "severity: info",
    `title: "$title ($source)"`,
    "",
  ].join("\n");
}

export async function rulesView(view, id, parameters) {
  const answer = await ask("rules");
  const rules = readRules(answer);
  const rule = rules.find((each) => each.id === id);
  const shown = element("div", {}, list(rules, id));
  show(
    view,
    element(
      "div.bar",
      {},
      element("h1", {}, "Rules"),
      element("a", { href: route("rules/new") }, "New rule"),
    ),
    element(
      "div.columns.editing",
      {},
      shown,
      id
        ? element(
            "div",
            {},
            editor(rule, parameters, async () => show(shown, list(readRules(await ask("rules")), id))),
            rule && silences(rule, answer.silences ?? []),
          )
        : element("p.note.empty", {}, "Choose a rule, or write a new one."),
    ),
  );
}

const list = (rules, id) =>
  element(
    "ul.plain.rules",
    { "aria-label": "Rules in force" },
    rules.map((rule) =>
      element(
        "li",
        {},
        element(
          "a",
          {
            href: route(`rules/${encodeURIComponent(rule.id)}`),
            "data-stop": true,
            "aria-current": rule.id === id ? "true" : null,
          },
          rule.id,
        ),
        element("span.meta", {}, rule.enabled === false ? "off" : rule.severity),
        rule.description && element("p.note", {}, foreign(rule.description)),
      ),
    ),
  );

function editor(rule, parameters, saved) {
  const text = element("textarea", {
    id: "yaml",
    rows: 22,
    spellcheck: "false",
    autocomplete: "off",
    "aria-describedby": "rule-faults",
    dir: "ltr",
  });
  text.value = rule?.yaml ?? draftFor(parameters);
  const faults = element("div", { id: "rule-faults", role: "status", "aria-live": "polite" });
  const result = element("div", { id: "dry-run", "aria-live": "polite" });
  const days = element(
    "select",
    { "aria-label": "Try against" },
    [1, 7, 30, 90, 365].map((n) =>
      element("option", { value: `${n}d`, selected: n === 7 }, `the last ${count(n, "day")}`),
    ),
  );
  const attempt = (what) => async () => {
    show(faults);
    try {
      await what();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      show(faults, faultList(error, text));
      text.setAttribute("aria-invalid", "true");
      return;
    }
    text.removeAttribute("aria-invalid");
  };
  const dryRun = async () => {
    const tried = await send("POST", "rules/test", { yaml: text.value, since: days.value });
    show(result, fired(tried, days.selectedOptions[0].textContent));
  };
  const save = async () => {
    const id = /^id:\s*["']?([a-z0-9-]+)/m.exec(text.value)?.[1] ?? rule?.id ?? "";
    await send("PUT", `rules/${encodeURIComponent(id)}`, { yaml: text.value });
    show(result, element("p.note", {}, `${id} is in force.`));
    await saved();
  };
  return element(
    "form.editor",
    { onsubmit: (event) => event.preventDefault() },
    element("label", { for: "yaml" }, rule ? rule.id : "A new rule"),
    text,
    faults,
    element(
      "div.bar",
      {},
      element("button", { type: "button", id: "try", onclick: attempt(dryRun) }, "Try it"),
      days,
      element("button", { type: "button", id: "apply", onclick: attempt(save) }, "Put in force"),
    ),
    result,
  );
}

function faultList(error, text) {
  const faults = error.faults.length ? error.faults : [{ detail: error.message }];
  return element(
    "ul.plain.faults",
    {},
    faults.map((fault) =>
      element(
        "li",
        {},
        fault.line &&
          element(
            "button.quiet",
            { type: "button", onclick: () => select(text, fault.line) },
            `Line ${fault.line}`,
          ),
        " ",
        foreign(fault.detail),
      ),
    ),
  );
}

function select(text, line) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}

function fired({ matches, alerts, quiet, is_cut: isCut, newest }, when) {
  const silent = quiet ? `, and ${count(quiet, "alert")} kept back` : "";
  return [
    element(
      "h2",
      {},
      `In ${when} ${count(matches, "match", "matches")}, which would have made ${count(alerts, "alert")}${silent}`,
    ),
    isCut && element("p.note", {}, "There were more matches than were looked at."),
    element("ol.alerts.wide", {}, newest.map(match)),
  ];
}

const match = (each) =>
  element(
    "li.alert",
    {},
    element(
      "p.meta",
      {},
      time(each.fetched_at),
      each.language && languageTag(each.language),
      foreign(each.source),
    ),
    element(
      "h3",
      { dir: "auto" },
      element(
        "a",
        { href: route(`article/${encodeURIComponent(each.article_id)}`) },
        each.title || "Article",
      ),
    ),
    each.text && element("blockquote", { dir: "auto", lang: each.language }, each.text),
    each.because && element("p.why", {}, foreign(each.because)),
    each.quiet && element("p.why", {}, "Kept back: ", foreign(each.quiet)),
  );

const LENGTHS = { "1h": "1 hour", "6h": "6 hours", "1d": "1 day", "7d": "7 days" };

/* Silences of a rule that have not ended, and a new one: how long, and why, which every alert then says. */
function silences(rule, all) {
  const list = element("ul.plain", { "aria-label": "Silences" }, all.filter(of(rule)).map(silence));
  const length = element(
    "select",
    { "aria-label": "How long" },
    Object.entries(LENGTHS).map(([value, words]) => element("option", { value }, words)),
  );
  const because = element("input", {
    "aria-label": "Why",
    placeholder: "Why",
    dir: "auto",
    required: true,
    maxlength: 500,
  });
  const told = element("p.note", { role: "status" });
  const keep = async (event) => {
    event.preventDefault();
    try {
      await send("POST", `rules/${encodeURIComponent(rule.id)}/silence`, {
        for: length.value,
        because: because.value,
      });
      const { silences: now } = await ask("rules");
      show(list, now.filter(of(rule)).map(silence));
      show(told, `${rule.id} is silenced.`);
      because.value = "";
    } catch (error) {
      show(told, error.message);
    }
  };
  return element(
    "section.silences",
    {},
    element("h2", {}, "Silence it"),
    element("form.bar", { onsubmit: keep }, length, because, element("button", {}, "Silence")),
    told,
    list,
  );
}

/* A silence may name several rules by a star. */
const of = (rule) => (each) =>
  each.rule === rule.id || (each.rule.endsWith("*") && rule.id.startsWith(each.rule.slice(0, -1)));

const silence = (each) =>
  element(
    "li.note",
    {},
    "Silenced until ",
    new Date(each.ends_at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" }),
    each.group && [", ", foreign(each.group)],
    ": ",
    foreign(each.because),
  );
