// What every page needs: the theme switch and forms that cannot be sent twice by an impatient hand.

const themes = ["system", "light", "dark"];

function storedTheme() {
  try {
    return localStorage.getItem("workbench.theme") ?? "system";
  } catch {
    return "system";
  }
}

function showTheme(toggle, theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  const word = toggle.dataset["word" + theme[0].toUpperCase() + theme.slice(1)];
  toggle.querySelector("[data-role=theme-word]").textContent = word;
}

for (const toggle of document.querySelectorAll("[data-role=theme-toggle]")) {
  let theme = storedTheme();
  if (!themes.includes(theme)) theme = "system";
  showTheme(toggle, theme);
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    showTheme(toggle, theme);
    try {
      if (theme === "system") localStorage.removeItem("workbench.theme");
      else localStorage.setItem("workbench.theme", theme);
    } catch {
      // Storage is switched off: the choice lasts as long as the page.
    }
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.dataset.once === undefined) return;
  if (form.dataset.sent === "true") {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
  for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", "true");
});

// A page the browser brings back from its cache may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[type=submit]")) button.removeAttribute("aria-disabled");
  }
});

// An htmx request that failed leaves the page as it was; without a word that would look like success.
const toast = document.querySelector("[data-role=toast]");
let toastTimer = 0;
function requestFailed(event) {
  // A session that has ended is answered with the sign-in page.
  if (event.detail.xhr?.getResponseHeader("HX-Redirect")) return;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.hidden = true), 8_000);
}
for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(kind, requestFailed);
