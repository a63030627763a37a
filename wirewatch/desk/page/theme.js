/* Light, dark, or as the system has it; set before anything is drawn, so that nothing flashes. */
"use strict";
(() => {
  const choices = ["system", "light", "dark"];
  const kept = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  };
  const keep = (choice) => {
    try {
      localStorage.setItem("theme", choice);
    } catch {
      /* a private window keeps nothing */
    }
  };
  let choice = choices.includes(kept()) ? kept() : "system";
  const apply = () => {
    document.documentElement.dataset.theme = choice;
    const button = document.getElementById("theme");
    if (button) button.textContent = `Theme: ${choice}`;
  };
  apply();
  document.addEventListener("DOMContentLoaded", () => {
    apply();
    document.getElementById("theme").addEventListener("click", () => {
      choice = choices[(choices.indexOf(choice) + 1) % choices.length];
      keep(choice);
      apply();
    });
  });
})();
