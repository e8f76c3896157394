// Brings the overview up to date while somebody looks at it. Everything works without this script.
const main = document.querySelector("main[data-refresh]");

const isBusy = () => document.hidden || main.contains(document.activeElement) || !getSelection().isCollapsed;

async function refresh() {
  if (isBusy()) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (answer.status === 401) {
    location.reload();
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  if (!isBusy()) main.replaceChildren(...fresh.childNodes);
}

if (main) {
  // A server that is away for a moment is asked again at the next turn.
  setInterval(() => refresh().catch(() => {}), Number(main.dataset.refresh) * 1000);
}
