// Typing counts as being there; two minutes before the end a plain question; after it the page hides and asks for the password.
// The server keeps the same limits by itself; this only spares people surprises.
(() => {
  "use strict";
  const body = document.body;
  const idleMs = Number(body.dataset.idleSeconds) * 1000;
  const warning = document.querySelector("[data-session-warning]");
  const lock = document.querySelector("[data-session-lock]");
  const token = document.querySelector("[data-session-token] input[name=csrfmiddlewaretoken]");
  if (!idleMs || !warning || !token) return;

  const WARN_MS = 120000;
  const PING_MS = 60000;
  const MARGIN_MS = 5000;
  const page = () => document.querySelector(".aset-page");
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("aset-session") : null;
  let title = document.title;
  let absoluteAt = Date.parse(body.dataset.absoluteAt ?? "") || Infinity;
  let lastSeen = Date.now();
  let lastPing = Date.now();
  let locked = false;
  const touched = new Set();

  const send = (url, data) => {
    data.set("csrfmiddlewaretoken", token.value);
    return fetch(url, {
      method: "POST",
      body: data,
      credentials: "same-origin",
      redirect: "manual",
      headers: { "X-Requested-With": "fetch", Accept: "application/json" },
    });
  };

  const keepDrafts = () => {
    for (const form of document.querySelectorAll("form[data-keep-draft][data-draft-url]")) {
      send(form.dataset.draftUrl, fieldsOf(form)).catch(() => {});
    }
  };

  // Forms without a draft of their own: what was typed is laid aside, sealed, for this person alone.
  const written = () => [...touched].filter((form) => form.isConnected && form.method === "post" && !form.dataset.draftUrl);
  const fieldsOf = (form) => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  };
  const pathOf = (form) => {
    const { pathname, search } = new URL(form.getAttribute("action") || "", window.location.href);
    return pathname + search;
  };
  const layAside = () => {
    if (!body.dataset.keepUrl) return;
    for (const form of written()) {
      send(`${body.dataset.keepUrl}?for=${encodeURIComponent(pathOf(form))}`, fieldsOf(form)).catch(() => {});
    }
  };
  // The session is over: a form sent now is refused, and the server lays its words aside for whoever sat here.
  const sendToBeRefused = () => Promise.allSettled([...touched].filter((form) => form.isConnected).map((form) => send(pathOf(form), fieldsOf(form))));

  const ping = async () => {
    lastPing = Date.now();
    if (!body.dataset.pingUrl) return;
    try {
      const answer = await send(body.dataset.pingUrl, new FormData());
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) hide();
    } catch {
      // The link is down: connection.js speaks about that; the limits run on.
    }
  };

  const seen = () => {
    if (locked) return;
    lastSeen = Date.now();
    tabs?.postMessage({ seen: lastSeen });
    if (lastSeen - lastPing >= PING_MS) ping();
  };

  const stay = () => {
    if (warning.open) warning.close();
    lastPing = 0;
    seen();
  };

  const hide = () => {
    if (locked) return;
    locked = true;
    layAside();
    if (warning.open) warning.close();
    page().hidden = true;
    title = document.title;
    document.title = "ASET";
    if (lock) lock.showModal();
    else window.location.reload();
  };

  const reveal = () => {
    locked = false;
    page().hidden = false;
    document.title = title;
    lastSeen = lastPing = Date.now();
    if (lock.open) lock.close();
    tabs?.postMessage({ unlocked: token.value });
    page().querySelector("#main-content")?.focus();
  };

  const takeToken = (fresh) => {
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = fresh;
  };

  const unlock = async (event) => {
    event.preventDefault();
    const form = event.target;
    const error = form.querySelector("[data-unlock-error]");
    const say = (text) => {
      error.textContent = text;
      error.hidden = false;
    };
    try {
      const answer = await send(form.action, new FormData(form));
      if (answer.type === "opaqueredirect") return window.location.reload();
      const told = await answer.json().catch(() => ({}));
      if (told.signin) {
        await sendToBeRefused();
        return window.location.assign(told.signin);
      }
      if (!answer.ok) return say(told.error || error.dataset.wrong);
      if (told.csrf) takeToken(told.csrf);
      if (told.absolute_at) absoluteAt = Date.parse(told.absolute_at);
      form.reset();
      error.hidden = true;
      reveal();
    } catch {
      say(error.dataset.away);
    } finally {
      const password = form.querySelector("input[type=password]");
      password.value = "";
      if (locked) password.focus();
    }
  };

  const tick = () => {
    if (locked) return;
    const now = Date.now();
    const idleEnd = lastSeen + idleMs;
    const left = Math.min(idleEnd, absoluteAt) - now - MARGIN_MS;
    if (left <= 0) {
      hide();
    } else if (left <= WARN_MS && !warning.open) {
      keepDrafts();
      // Near the absolute end staying is not on offer; the drafts are kept and the password is asked in a moment.
      if (idleEnd <= absoluteAt) warning.showModal();
    } else if (left > WARN_MS && warning.open) {
      warning.close();
    }
  };

  for (const kind of ["keydown", "click", "input"]) document.addEventListener(kind, () => !warning.open && seen(), { passive: true });
  document.addEventListener("input", ({ target }) => target.form && page().contains(target.form) && touched.add(target.form));
  warning.querySelector("[data-session-stay]").addEventListener("click", stay);
  warning.addEventListener("cancel", stay);
  lock?.addEventListener("cancel", (event) => event.preventDefault());
  lock?.addEventListener("close", () => locked && lock.showModal());
  lock?.querySelector("[data-unlock-form]").addEventListener("submit", unlock);
  tabs?.addEventListener("message", ({ data }) => {
    if (data.seen) lastSeen = Math.max(lastSeen, data.seen);
    if (data.unlocked && locked) {
      takeToken(data.unlocked);
      reveal();
    }
  });
  document.addEventListener("visibilitychange", tick);
  setInterval(tick, 1000);
})();
