/* Searches kept by name, for everybody at the desk. */
import { ask, send } from "./api.js";
import { route } from "./cards.js";
import { element, foreign, show } from "./dom.js";
import { alertLink, asRule } from "./search.js";

export function savedSearches(question) {
  const list = element("ul");
  const name = element("input", {
    "aria-label": "Name of this search",
    placeholder: "Name",
    maxlength: 100,
    required: true,
    pattern: "[^\\/]*",
    title: "any name without a slash",
  });
  const path = (of) => `searches/${encodeURIComponent(of)}`;
  const told = element("p.note", { role: "status" });
  const attempt = (what) =>
    what().then(
      () => show(told),
      (error) => show(told, error.message),
    );
  const refresh = async () => {
    const { searches } = await ask("searches");
    show(
      list,
      searches.map((each) =>
        saved(each, () =>
          attempt(async () => {
            await send("DELETE", path(each.name));
            await refresh();
          }),
        ),
      ),
    );
  };
  const keep = (event) => {
    event.preventDefault();
    attempt(async () => {
      await send("PUT", path(name.value.trim()), kept(question));
      name.value = "";
      await refresh();
    });
  };
  attempt(refresh);
  return element(
    "section.saved",
    {},
    element("h2", {}, "Kept searches"),
    list,
    element("form", { onsubmit: keep }, name, element("button", {}, "Keep")),
    told,
  );
}

/* The question as the API keeps it: choices as lists, words and times as words. */
const kept = ({ q, meaning, since, until, ...choices }) =>
  Object.fromEntries(
    Object.entries({ q, meaning: meaning?.[0], since: since?.[0], until: until?.[0], ...choices }).filter(
      ([, value]) => value?.length,
    ),
  );

function saved({ name, question }, forget) {
  const parameters = Object.entries(question).flatMap(([field, values]) =>
    [values].flat().map((value) => [field, value]),
  );
  return element(
    "li",
    {},
    element("a", { href: route("search", parameters) }, foreign(name)),
    alertLink(asRule(question, name), "Alert", `Alert on ${name}`),
    element("button.quiet", { type: "button", "aria-label": `Forget ${name}`, onclick: forget }, "Forget"),
  );
}
