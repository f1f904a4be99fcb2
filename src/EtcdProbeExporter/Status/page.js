"use strict";
// Replaces what the page shows every two seconds; says so when it cannot, so that nobody trusts an old page.
const every = 2000;
async function refresh() {
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(5000) });
      if (!answer.ok) throw new Error("HTTP " + answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const open = [...document.querySelectorAll("#status details")].map(d => d.open);
      document.getElementById("status").replaceWith(fresh.getElementById("status"));
      document.querySelectorAll("#status details").forEach((d, i) => { if (i in open) d.open = open[i]; });
      document.title = fresh.title;
    } catch (e) {
      let note = document.getElementById("stale");
      if (!note) {
        note = document.createElement("p");
        note.id = "stale";
        note.className = "stale";
        document.getElementById("status").prepend(note);
      }
      note.textContent = "This page is old: the exporter does not answer (" + e.message + ").";
    }
  }
  setTimeout(refresh, every);
}
setTimeout(refresh, every);
