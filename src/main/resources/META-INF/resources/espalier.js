// Follows the jobs: whenever the server says that something changed, the parts of this page that are
// marked for it are taken from a fresh copy of the same page. Without this script the page is the
// same, and stands still.
"use strict";

// Spelt out: an address relative to this page would keep a password that stands in it.
const page = location.origin + location.pathname + location.search;
const pulse = () => document.querySelector("#live .pulse");
let asked = false;
let asking = false;

async function refresh() {
  if (asking) {
    asked = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetch(page, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (answer.ok) {
      replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  } catch {
    // The next event brings the next try.
  } finally {
    asking = false;
    if (asked) {
      asked = false;
      setTimeout(refresh, 500);
    }
  }
}

function replace(fresh) {
  const focused = document.activeElement;
  const place = focused && (focused.getAttribute("href") || focused.id);
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(part.id);
    if (now && now.innerHTML !== part.innerHTML) {
      const hadFocus = part.contains(focused);
      part.replaceChildren(...now.childNodes);
      if (hadFocus) {
        [...part.querySelectorAll("a, button")]
          .find((e) => (e.getAttribute("href") || e.id) === place)?.focus({ preventScroll: true });
      }
    }
  }
}

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !confirm(question)) {
    event.preventDefault();
  }
});

const events = new EventSource(location.origin + "/api/events");
let first = true;
events.onmessage = () => {
  pulse()?.classList.remove("off");
  // The first one says what this page says already.
  if (!first) {
    refresh();
  }
  first = false;
};
events.onerror = () => {
  pulse()?.classList.add("off");
  first = false;
};
addEventListener("pagehide", () => events.close());
