// Keeps a draft on the server a few seconds after the last change; nothing is ever stored on the device.
(() => {
  "use strict";
  const QUIET_MS = 4000;
  const LONGEST_MS = 15000;

  const attach = (form) => {
    const line = form.querySelector("[data-autosave-status]") ?? form.appendChild(document.createElement("p"));
    line.classList.add("aset-status-line");
    line.setAttribute("role", "status");
    let timer = null;
    let changedAt = 0;
    let spokenAt = "";
    let leaving = false;

    const fields = () => {
      const data = new FormData(form);
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
      return data;
    };

    const save = async () => {
      timer = null;
      changedAt = 0;
      if (leaving || !form.isConnected) return;
      try {
        const answer = await fetch(form.dataset.autosaveUrl, {
          method: "POST",
          body: fields(),
          credentials: "same-origin",
          redirect: "manual",
          headers: { "X-Requested-With": "fetch", Accept: "application/json" },
        });
        if (!answer.ok) throw new TypeError("not saved");
        const now = new Date();
        const hour = `${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`;
        if (hour !== spokenAt) line.textContent = form.dataset.autosaveText.replace("%(time)s", hour);
        spokenAt = hour;
      } catch {
        spokenAt = "";
        line.textContent = form.dataset.autosaveFailed ?? "";
        plan();
      }
    };

    const plan = () => {
      changedAt ||= Date.now();
      clearTimeout(timer);
      const wait = Math.min(QUIET_MS, Math.max(0, changedAt + LONGEST_MS - Date.now()));
      timer = setTimeout(save, wait || QUIET_MS);
    };

    form.addEventListener("input", plan);
    form.addEventListener("submit", () => {
      leaving = true;
      clearTimeout(timer);
      setTimeout(() => (leaving = false), 5000);
    });
  };

  const attachAll = () => document.querySelectorAll("form[data-autosave-url]").forEach(attach);
  document.addEventListener("aset:page", attachAll);
  attachAll();
})();
