// Round the sign-in library's own passkey script: shows its buttons only where they can work, and says in words when a key fails.
(() => {
  "use strict";
  const canUseKeys = "PublicKeyCredential" in window;
  for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = !canUseKeys;

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const line of document.querySelectorAll("[data-passkey-error]")) line.hidden = false;
  });
  document.addEventListener("click", () => {
    for (const line of document.querySelectorAll("[data-passkey-error]")) line.hidden = true;
  });
})();
