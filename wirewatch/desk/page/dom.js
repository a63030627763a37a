/* Elements made of data. Text goes in as text, whatever it says; nothing here reads markup. */

/* element("a.chip", {href, onclick, …}, children…): children are nodes, strings, or nothing. */
export function element(what, properties = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const made = document.createElement(tag || "div");
  if (classes.length) made.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties)) set(made, name, value);
  made.append(
    ...children
      .flat(Infinity)
      .filter((child) => child !== null && child !== undefined && child !== false && child !== 0),
  );
  return made;
}

function set(made, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") made.addEventListener(name.replace(/^on/, ""), value);
  else made.setAttribute(name, value === true ? "" : String(value));
}

/* Words from elsewhere, in a language of their own, set apart from the line they stand in. */
export const foreign = (text, language) =>
  element("bdi", { dir: "auto", lang: language && language !== "und" ? language : null }, text ?? "");

/* Which way a language is written: a card or an article is laid out as its language is. */
const RIGHT_TO_LEFT = new Set(["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"]);
export const direction = (language) => (RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr");

/* A link out to an article's own page, where it is one; an address of any other kind stays text. */
export function outward(address, ...children) {
  if (!/^https?:\/\//i.test(address ?? "")) return element("span", {}, ...children);
  return element("a", { href: address, rel: "noopener noreferrer nofollow", target: "_blank" }, ...children);
}

export const show = (place, ...children) => place.replaceChildren(...children.flat(Infinity).filter(Boolean));
export const hidden = (text) => element("span.hidden", {}, text);
