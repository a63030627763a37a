/* Alerts with the sentence that caused each; those that were kept back, with the reason. */
import { ask } from "./api.js";
import { readAlerts } from "./answers.js";
import { languageTag, route } from "./cards.js";
import { element, foreign, show } from "./dom.js";
import { time } from "./words.js";

export function alertItem(alert) {
  const suppressed = alert.status === "suppressed";
  const target = alert.designation_id
    ? `designation/${encodeURIComponent(alert.designation_id)}`
    : `article/${encodeURIComponent(alert.article_id)}`;
  return element(
    "li",
    { class: `alert ${alert.severity}${suppressed ? " suppressed" : ""}`, "data-id": alert.id },
    element(
      "p.meta",
      {},
      element("span.severity", {}, alert.severity),
      time(alert.created_at),
      alert.language && languageTag(alert.language),
      element("a", { href: route(`rules/${encodeURIComponent(alert.rule)}`) }, alert.rule),
    ),
    element("h3", { dir: "auto" }, element("a", { href: route(target), "data-stop": true }, alert.title)),
    alert.text && element("blockquote", { dir: "auto", lang: alert.language }, alert.text),
    element(
      "p.meta",
      {},
      foreign(alert.source),
      alert.article_id &&
        element("a", { href: route(`article/${encodeURIComponent(alert.article_id)}`) }, "Article"),
      alert.owner && ["for ", foreign(alert.owner)],
    ),
    alert.because && element("p.why", {}, foreign(alert.because)),
    suppressed && element("p.why", {}, "Kept back: ", foreign(alert.suppressed_because)),
  );
}

export async function alertsView(view, _, parameters) {
  const days = Number(parameters.get("days") ?? 7);
  const alerts = readAlerts(await ask("alerts", { since: `${days}d`, size: 100 }));
  const kept = parameters.get("show") !== "sent";
  const shown = kept ? alerts : alerts.filter((alert) => alert.status !== "suppressed");
  show(
    view,
    element(
      "div.bar",
      {},
      element("h1", {}, "Alerts"),
      element(
        "nav.tabs",
        { "aria-label": "Alerts" },
        [1, 7, 30].map((each) =>
          tab(
            each === 1 ? "A day" : `${each} days`,
            { days: each, show: kept ? "all" : "sent" },
            each === days,
          ),
        ),
        tab(
          kept ? "Without those kept back" : "With those kept back",
          { days, show: kept ? "sent" : "all" },
          false,
        ),
      ),
    ),
    shown.length
      ? element("ol.alerts.wide", {}, shown.map(alertItem))
      : element("p.note.empty", {}, "No alerts in this time."),
  );
}

const tab = (words, parameters, current) =>
  element("a", { href: route("alerts", parameters), "aria-current": current ? "true" : null }, words);
