// Hides the screen from someone looking over a shoulder: Escape twice, or the button; the same again shows it.
(() => {
  "use strict";
  if (!("blurAllowed" in document.body.dataset)) return;
  const hide = document.querySelector("[data-hide-screen]");
  const curtain = document.querySelector("[data-screen-curtain]");
  if (!hide || !curtain) return;

  const show = curtain.querySelector("[data-show-screen]");
  const WITHIN_MS = 600;
  let title = document.title;
  let lastEscape = 0;
  let focused = null;

  const setHidden = (hidden) => {
    document.body.classList.toggle("aset-blurred", hidden);
    curtain.hidden = !hidden;
    document.querySelector(".aset-page").inert = hidden;
    if (hidden) title = document.title;
    document.title = hidden ? "ASET" : title;
    if (hidden) {
      focused = document.activeElement;
      show.focus();
    } else if (focused) {
      focused.focus();
    }
  };
  const isHidden = () => document.body.classList.contains("aset-blurred");

  const place = () => {
    document.querySelector(".aset-header__tools")?.append(hide);
    hide.hidden = false;
  };
  place();
  document.addEventListener("aset:page", place);
  hide.addEventListener("click", () => setHidden(true));
  show.addEventListener("click", () => setHidden(false));
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    const now = Date.now();
    if (now - lastEscape < WITHIN_MS) {
      lastEscape = 0;
      setHidden(!isHidden());
    } else {
      lastEscape = now;
    }
  });
})();
