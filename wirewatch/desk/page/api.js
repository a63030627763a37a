/* Asking the API. A token, where the desk wants one, is asked for once and kept for the tab. */
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
    for (const each of [value].flat()) if (each !== "" && each != null) query.append(name, each);
  }
  return query.size ? `api/${path}?${query}` : `api/${path}`;
}

/* The answer's JSON. Throws Refused where there is none to be had, with the faults that were told. */
export async function ask(path, parameters = {}, options = {}) {
  const answer = await request(address(path, parameters), options);
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

/* The answer itself; where a token is wanted, asked once more with it. */
export async function request(path, options = {}) {
  const answer = await fetch(path, withToken(options));
  if (answer.status !== 401) return answer;
  await admission();
  return fetch(path, withToken(options));
}

function withToken(options) {
  const token = sessionStorage.getItem("token");
  return token ? { ...options, headers: { ...options.headers, Authorization: `Bearer ${token}` } } : options;
}

let asking = null;
function admission() {
  asking ??= new Promise((resolve) => {
    const dialog = document.getElementById("admission");
    dialog.addEventListener("close", () => {
      sessionStorage.setItem("token", document.getElementById("token").value);
      asking = null;
      resolve();
    }, { once: true });
    dialog.showModal();
  });
  return asking;
}

export async function download(path, parameters, name) {
  const answer = await request(address(path, parameters));
  if (!answer.ok) throw new Refused(answer.status, []);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
