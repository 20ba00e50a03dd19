// A browser old enough to know no modules never reads this file, and gets the plain pages.
import { initAll } from "./built/govuk-frontend.min.js";
import "./day-field.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
