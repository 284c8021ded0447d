// What every page of the catalog does beyond being read: search, copy, days that are left.
// A plain script, so that it runs from a disk too. Texts go in as text, never as markup.

(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  const DAY = 24 * 60 * 60 * 1000;
  for (const time of all("[data-sunset]")) {
    const days = Math.ceil((Date.parse(time.dateTime) - Date.now()) / DAY);
    if (Number.isNaN(days)) continue;
    const left = days > 1 ? `${days} days left` : days === 1 ? "1 day left" : "may go any day";
    time.after(Object.assign(document.createElement("span"), { className: "left", textContent: ` (${left})` }));
    if (days < 30) time.parentElement.classList.add("soon");
  }

  for (const link of all("nav a")) {
    const here = location.pathname.replace(/\/$/, "/index.html");
    if (new URL(link.href).pathname === here) link.setAttribute("aria-current", "page");
  }

  for (const button of all("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const text = one("pre", button.closest("figure")).textContent;
      const isCopied = await navigator.clipboard.writeText(text).then(() => true, () => false);
      button.textContent = isCopied ? "Copied" : "Not allowed";
      setTimeout(() => {
        button.textContent = "Copy";
      }, 1500);
    });
  }

  const filters = one("[data-filters]");
  if (!filters) return;
  filters.hidden = false;
  const search = one("#search");
  const entries = all(".event").map((element) => ({ element, text: `${element.textContent} ${element.dataset.words}`.toLowerCase() }));
  for (const entry of entries) {
    entry.text += ` ${one("h2", entry.element.closest("[data-owner]")).textContent.toLowerCase()}`;
  }

  const show = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new FormData(filters).get("show");
    let count = 0;
    for (const { element, text } of entries) {
      const fits =
        words.every((word) => text.includes(word)) &&
        (!wanted || element.dataset.audience === wanted || element.classList.contains(`is-${wanted}`));
      element.hidden = !fits;
      if (fits) count++;
    }
    for (const owner of all("[data-owner]")) owner.hidden = !one(".event:not([hidden])", owner);
    one("[data-count]").textContent = count === entries.length ? "" : `${count} of ${entries.length}`;
    one("[data-nothing]").hidden = count > 0;
    const query = new URLSearchParams();
    if (search.value) query.set("q", search.value);
    if (wanted) query.set("show", wanted);
    // From a disk an address may not be changed.
    if (location.protocol !== "file:") history.replaceState(null, "", `?${query}`.replace(/\?$/, location.pathname));
  };

  const asked = new URLSearchParams(location.search);
  search.value = asked.get("q") ?? "";
  const radio = all("[name=show]", filters).find(({ value }) => value === (asked.get("show") ?? ""));
  if (radio) radio.checked = true;
  filters.addEventListener("input", show);
  filters.addEventListener("submit", (event) => {
    event.preventDefault();
    one(".event:not([hidden]) a")?.click();
  });
  one("[data-reset]").addEventListener("click", () => {
    filters.reset();
    show();
    search.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, textarea, select")) return;
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
    }
  });
  if (asked.size) show();
})();
