// When the link drops, a form marked data-retry keeps every word, says so with the phone numbers, and sends again by itself.
// The client token inside the form makes sending twice harmless.
(() => {
  "use strict";
  const RETRY_MS = 10000;
  const TIMEOUT_MS = 30000;
  const SLOW_MS = 1000;

  const line = (text) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    return paragraph;
  };

  const scripts = (page) => [...page.querySelectorAll("script[src]")].map((script) => script.getAttribute("src"));

  /** Shows the server's answer in place: fetching its address again would lose the message that belongs to it. */
  const show = (answer, html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const next = page.querySelector(".aset-page");
    const known = new Set(scripts(document));
    if (!next || scripts(page).some((src) => !known.has(src))) {
      window.location.assign(answer.url);
      return;
    }
    if (answer.url !== window.location.href) history.pushState(null, "", answer.url);
    document.title = page.title;
    document.querySelector(".aset-page").replaceWith(document.adoptNode(next));
    document.dispatchEvent(new Event("aset:page"));
    const summary = document.querySelector(".govuk-error-summary");
    if (summary) summary.tabIndex = -1;
    (summary ?? document.getElementById("main-content")).focus();
    window.scrollTo(0, 0);
  };

  const attach = (form) => {
    const region = form.querySelector("[data-connection]") ?? form.appendChild(document.createElement("div"));
    region.className = "aset-connection";
    region.setAttribute("role", "status");
    let button = null;
    let waiting = null;
    let sending = false;

    const say = (text) => {
      if (!text) return region.replaceChildren();
      const phones = document.querySelector(".aset-footer .aset-phones")?.cloneNode(true);
      const call = phones ? [line(form.dataset.retryCall ?? ""), phones] : [line(form.dataset.retryPhones ?? "")];
      region.replaceChildren(line(text), ...call);
    };

    const pack = () => {
      const data = new FormData(form);
      if (button?.name) data.set(button.name, button.value);
      return data;
    };

    const send = async () => {
      if (sending || !form.isConnected) return;
      sending = true;
      const slow = setTimeout(() => waiting || region.replaceChildren(line(form.dataset.sendingText ?? "…")), SLOW_MS);
      try {
        const answer = await fetch(button?.getAttribute("formaction") || form.getAttribute("action") || window.location.href, {
          method: "POST",
          body: pack(),
          credentials: "same-origin",
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        if ([502, 503, 504].includes(answer.status)) throw new TypeError("server away");
        const html = await answer.text();
        stopWaiting();
        region.replaceChildren();
        show(answer, html);
      } catch {
        say(form.dataset.retryText);
        waiting ??= setInterval(send, RETRY_MS);
      } finally {
        clearTimeout(slow);
        sending = false;
      }
    };
    const stopWaiting = () => {
      clearInterval(waiting);
      waiting = null;
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      button = event.submitter;
      send();
    });
    window.addEventListener("online", () => (waiting ? send() : region.replaceChildren()));
    window.addEventListener("offline", () => say(form.dataset.offlineText));
    window.addEventListener("beforeunload", (event) => {
      if (waiting && form.isConnected) event.preventDefault();
    });
  };

  const attachAll = () => document.querySelectorAll("form[data-retry]").forEach(attach);
  window.addEventListener("popstate", () => window.location.reload());
  document.addEventListener("aset:page", attachAll);
  attachAll();
})();
