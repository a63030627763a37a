/* Asking the API. Whom it lets in is between it and the browser (HTTP Basic), which asks by itself. */
import { readFaults } from "./answers.js";

export class Refused extends Error {
  constructor(status, faults) {
    super(faults[0]?.detail || `the desk answered ${status}`);
    this.status = status;
    this.faults = faults;
  }
}

export function address(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of [value].flat())
      if (each !== "" && each !== null && each !== undefined) query.append(name, each);
  }
  return query.size ? `api/${path}?${query}` : `api/${path}`;
}

/* The answer's JSON. Throws Refused where there is none to be had, with the faults that were told. */
export async function ask(path, parameters = {}, options = {}) {
  const answer = await fetch(address(path, parameters), options);
  const text = await answer.text();
  let told = null;
  try {
    told = text ? JSON.parse(text) : null;
  } catch {
    /* not ours: a proxy's page, say */
  }
  if (!answer.ok) throw new Refused(answer.status, readFaults(told));
  return told;
}

export const send = (method, path, body) =>
  ask(path, {}, { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
