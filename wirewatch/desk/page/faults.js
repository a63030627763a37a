/* A faulty question, shown under the search box with the place of the fault. */
import { marked } from "./cards.js";
import { element, show } from "./dom.js";
import { codePoints } from "./offsets.js";

/* The question once more, with the place of each fault marked, and what is wrong below it. */
export function showFaults(q, faults) {
  const length = codePoints(q).length;
  show(
    document.getElementById("fault"),
    faults.map((fault) => {
      const asked = fault.position !== null && (fault.parameter ?? "q") === "q";
      const start = Math.min(fault.position ?? 0, length);
      return element(
        "div",
        {},
        asked &&
          element(
            "p.asked",
            { dir: "auto" },
            marked(`${q}${start >= length ? " ␣" : ""}`, [
              start >= length ? [length, length + 2] : [start, start + 1],
            ]),
          ),
        element(
          "p",
          {},
          asked ? `At character ${start + 1}: ` : fault.parameter ? `${fault.parameter}: ` : "",
          fault.detail,
          fault.mend && ` (${fault.mend})`,
        ),
      );
    }),
  );
  document.getElementById("q").setAttribute("aria-invalid", faults.length ? "true" : "false");
}

export const clearFaults = () => showFaults("", []);
