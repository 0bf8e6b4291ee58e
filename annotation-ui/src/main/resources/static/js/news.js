// A desk that waits: when work has come, or an answer, the page and its title say so, also in a tab
// that is not looked at. Nothing moves under the reader and nothing sounds.

const bar = document.querySelector("[data-role=news]");
if (bar) {
  const every = Number(bar.dataset.every);
  const title = document.title;
  const said = document.querySelector("[data-role=news-said]");
  const parts = { work: bar.querySelector("[data-role=news-work]"), answers: bar.querySelector("[data-role=news-answers]") };
  let hadWork = document.querySelector("[data-role=next]") !== null;
  let answers = Number(bar.dataset.answers);

  function tell(what) {
    bar.hidden = false;
    parts[what].hidden = false;
    said.textContent = said.dataset[what];
    document.title = `(${Object.values(parts).filter((part) => !part.hidden).length}) ${title}`;
  }
  /** Puts the projects as they are now in the place of those that were shown. */
  async function show() {
    const answer = await fetch(location.pathname, { redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-role=queues]");
    const before = document.querySelector("[data-role=queues]");
    // Whoever stands in it keeps their place; the bar leads on.
    if (now && !before.contains(document.activeElement)) before.replaceWith(document.importNode(now, true));
  }
  async function ask() {
    let next = every;
    try {
      const answer = await fetch(bar.dataset.url, { headers: { Accept: "application/json" }, redirect: "error" });
      // Who is not signed in any more has nothing to wait for.
      if (answer.status === 401 || answer.status === 403) return;
      if (answer.ok) {
        const now = await answer.json();
        if (now.answers > answers) tell("answers");
        if (now.waiting && !hadWork) {
          tell("work");
          await show();
        }
        hadWork = now.waiting;
        answers = now.answers;
      }
    } catch {
      // Out of reach: it is asked again, not so soon.
      next = Math.min(every * 4, 120_000);
    }
    setTimeout(ask, next);
  }
  setTimeout(ask, every);
  // Looked at: the title has done its work.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") document.title = title;
  });
}
