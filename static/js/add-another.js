// Shows a formset's spare groups one at a time; without it, all spare groups simply stand on the page.
(() => {
  "use strict";
  const attach = (list) => {
    const groups = [...list.querySelectorAll("[data-group]")];
    const button = list.querySelector("[data-add-another-button]");
    if (!button) return;

    const isEmpty = (group) =>
      ![...group.querySelectorAll("input, textarea, select")].some((field) =>
        ["checkbox", "radio"].includes(field.type) ? field.checked : field.type !== "hidden" && field.value !== (field.dataset.initial ?? ""),
      ) && !group.querySelector(".govuk-error-message");
    const firstSpare = groups.findIndex((group, index) => index > 0 && isEmpty(group));
    if (firstSpare > 0) groups.slice(firstSpare).forEach((group) => (group.hidden = isEmpty(group)));

    const update = () => {
      button.hidden = !groups.some((group) => group.hidden);
    };
    button.type = "button";
    button.addEventListener("click", () => {
      const next = groups.find((group) => group.hidden);
      if (!next) return;
      next.hidden = false;
      update();
      next.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    });
    update();
  };

  const attachAll = () => document.querySelectorAll("[data-add-another]").forEach(attach);
  document.addEventListener("aset:page", attachAll);
  attachAll();
})();
