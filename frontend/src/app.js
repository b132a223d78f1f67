// Starts GOV.UK Frontend's own behaviours. Built into static/js/app.js; every page works without it.
import {
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  ExitThisPage,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

/** Leaves no entry for the page itself in the browser's history, so that "back" does not return to it. */
class QuickExit extends ExitThisPage {
  exitPage() {
    document.body.classList.add("govuk-exit-this-page-hide-content");
    document.title = "…";
    window.location.replace(this.$button.href);
  }
}

const COMPONENTS = [
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  QuickExit,
  Radios,
  ServiceNavigation,
];
const start = (scope) => COMPONENTS.forEach((component) => createAll(component, undefined, scope));

createAll(SkipLink);
start(document);
// connection.js puts the server's answer in place of the page; its parts are new.
document.addEventListener("aset:page", () => start(document.querySelector(".aset-page")));

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
