// When the link drops, a form marked data-retry keeps every word, says so with the phone numbers, and sends again by itself.
// The client token inside the form makes sending twice harmless.
(() => {
  "use strict";
  const RETRY_MS = 10000;
  const TIMEOUT_MS = 20000;

  const attach = (form) => {
    const region = form.querySelector("[data-connection]") ?? document.createElement("div");
    region.className = "aset-connection";
    region.setAttribute("role", "status");
    if (!region.isConnected) form.append(region);
    let waiting = null;
    let sending = false;

    const line = (text) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = text;
      return paragraph;
    };
    const say = (text) => {
      if (!text) return region.replaceChildren();
      const phones = document.querySelector(".aset-footer .aset-phones")?.cloneNode(true);
      const call = phones ? [line(form.dataset.retryCall ?? ""), phones] : [line(form.dataset.retryPhones ?? "")];
      region.replaceChildren(line(text), ...call);
    };

    const show = (answer, html) => {
      if (answer.redirected) {
        window.location.assign(answer.url);
        return;
      }
      // A page with errors (or a refusal): let the browser load it in the plain way, scripts and all.
      const page = new DOMParser().parseFromString(html, "text/html");
      const next = page.querySelector(".aset-page");
      if (!next) {
        form.submit();
        return;
      }
      document.title = page.title;
      document.querySelector(".aset-page").replaceWith(document.adoptNode(next));
      const summary = document.querySelector(".govuk-error-summary");
      if (summary) summary.tabIndex = -1;
      (summary ?? document.getElementById("main-content"))?.focus();
      window.scrollTo(0, 0);
      document.querySelectorAll("form[data-retry]").forEach(attach);
    };

    const send = async (data, url) => {
      if (sending) return;
      sending = true;
      try {
        const answer = await fetch(url, {
          method: "POST",
          body: data,
          credentials: "same-origin",
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        if ([502, 503, 504].includes(answer.status)) throw new TypeError("server away");
        const html = answer.redirected ? "" : await answer.text();
        clearInterval(waiting);
        waiting = null;
        show(answer, html);
      } catch {
        say(form.dataset.retryText);
        waiting ??= setInterval(() => retry(), RETRY_MS);
      } finally {
        sending = false;
        form.removeAttribute("aria-busy");
      }
    };

    let button = null;
    const pack = () => {
      const data = new FormData(form);
      if (button?.name) data.set(button.name, button.value);
      return data;
    };
    const target = () => button?.getAttribute("formaction") || form.getAttribute("action") || window.location.href;
    const retry = () => waiting && send(pack(), target());

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      button = event.submitter;
      send(pack(), target());
    });
    window.addEventListener("online", retry);
    window.addEventListener("offline", () => say(form.dataset.offlineText || form.dataset.retryText));
    window.addEventListener("online", () => waiting || say());
    window.addEventListener("beforeunload", (event) => {
      if (waiting) event.preventDefault();
    });
  };

  document.querySelectorAll("form[data-retry]").forEach(attach);
})();
