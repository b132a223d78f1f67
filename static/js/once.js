// Sends a form once: a second press within ten seconds is ignored. The server's client token stays the real guard.
(() => {
  "use strict";
  const QUIET_MS = 10000;
  const sentAt = new WeakMap();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    const now = Date.now();
    if (now - (sentAt.get(form) ?? -QUIET_MS) < QUIET_MS) {
      event.preventDefault();
      return;
    }
    sentAt.set(form, now);
    form.setAttribute("aria-busy", "true");
  });

  // Coming back with the back button, the form may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[aria-busy]")) {
      form.removeAttribute("aria-busy");
      sentAt.delete(form);
    }
  });
})();
