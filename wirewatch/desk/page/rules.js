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

export async function rulesView(view, id) {
  const rules = readRules(await ask("rules"));
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
        ? editor(rule, async () => show(shown, list(readRules(await ask("rules")), id)))
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

function editor(rule, saved) {
  const text = element("textarea", {
    id: "yaml",
    rows: 22,
    spellcheck: "false",
    autocomplete: "off",
    "aria-describedby": "rule-faults",
    dir: "ltr",
  });
  text.value = rule?.yaml ?? DRAFT;
  const faults = element("div", { id: "rule-faults", role: "status", "aria-live": "polite" });
  const result = element("div", { id: "dry-run", "aria-live": "polite" });
  const days = element(
    "select",
    { "aria-label": "Try against" },
    [1, 7, 30].map((n) =>
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
    show(result, fired(await send("POST", "rules/test", { yaml: text.value, since: days.value })));
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

function fired({ matches, alerts, quiet, is_cut: isCut, newest }) {
  const silent = quiet ? `, and ${count(quiet, "alert")} kept back` : "";
  return [
    element(
      "h2",
      {},
      `${count(matches, "match", "matches")}, which would have made ${count(alerts, "alert")}${silent}`,
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
