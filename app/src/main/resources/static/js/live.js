// Keeps the parts of a page marked data-live fresh: the page is asked for again and those parts are
// exchanged, except under a hand that is using them. Ends when no part is live any more.

const EVERY = 5000;

function inUse(part) {
  if (part.contains(document.activeElement)) return true;
  // Boxes somebody has ticked would be lost.
  if (part.querySelector("input:checked")) return true;
  const selection = getSelection();
  return selection.type === "Range" && part.contains(selection.anchorNode);
}

async function refresh() {
  const parts = [...document.querySelectorAll("[data-live][id]")];
  if (parts.length === 0) return;
  if (!document.hidden && !parts.every(inUse)) {
    try {
      const answer = await fetch(location.href, { headers: { "HX-Request": "true" } });
      if (answer.status === 401) {
        location.assign(answer.headers.get("HX-Redirect") ?? "/sign-in");
        return;
      }
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const part of parts) {
          const fresh = page.getElementById(part.id);
          if (fresh && !inUse(part)) part.replaceWith(document.adoptNode(fresh));
        }
      }
    } catch {
      // The server is away for a moment: the next look may find it.
    }
  }
  setTimeout(refresh, EVERY);
}

setTimeout(refresh, EVERY);
