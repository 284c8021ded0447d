// The live console: listens by the very package that applications install, and checks each payload by its validators.
// Texts go in as text, never as markup.

const KEPT = 500;

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** The package is beside the page on a server, and nowhere else. */
const fromPackage = (path) => import(new URL(`../package/${path}`, import.meta.url).href);

const boxes = all("[name=event]");
const log = one("[data-log]");
const pause = one("[data-pause]");
const token = one("[data-token]");
const channel = one("[data-channel]");

const headers = () => (token.value ? { authorization: `Bearer ${token.value}` } : {});

/** By event name; a draft, too, has one. */
const validators = new Map();
const validator = (name) => {
  const module = boxes.find(({ value }) => value === name)?.dataset.module;
  if (!module) return undefined;
  if (!validators.has(name)) {
    const loaded = fromPackage(`validate/${module}.js`).then(({ schema }) => schema["~standard"]);
    validators.set(name, loaded.catch(() => undefined));
  }
  return validators.get(name);
};

const verdict = async (name, data) => {
  const schema = await validator(name);
  if (!schema) return { mark: "unknown", text: "not in this catalog", why: "" };
  const { issues } = schema.validate(data);
  if (!issues) return { mark: "valid", text: "valid", why: "" };
  const why = issues.map(({ message, path }) => `/${path.join("/")}: ${message}`).join("\n");
  return { mark: "invalid", text: "not valid", why };
};

const copy = async (button, text) => {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "The browser does not allow it";
  }
  setTimeout(() => {
    button.textContent = before;
  }, 1500);
};

let count = 0;
/** What came while paused, the oldest first. */
let held = [];

const tally = () => {
  one("[data-tally]").textContent = held.length ? `${count}, ${held.length} held back` : `${count}`;
  one("[data-empty]").hidden = count > 0;
};

const append = async ({ event, data, id, at }) => {
  count++;
  tally();
  const item = one("[data-entry]").content.cloneNode(true).firstElementChild;
  one("time", item).textContent = at.toLocaleTimeString([], { hour12: false });
  one("time", item).dateTime = at.toISOString();
  one(".name", item).textContent = event;
  one(".id", item).textContent = id ?? "";
  one("pre code", item).textContent = JSON.stringify(data, null, 2);
  one("button", item).addEventListener("click", ({ currentTarget }) =>
    copy(currentTarget, `${JSON.stringify({ event, ...(id && { id }), data }, null, 2)}\n`),
  );
  log.prepend(item);
  while (log.children.length > KEPT) log.lastElementChild.remove();
  const { mark, text, why } = await verdict(event, data);
  one(".mark", item).classList.add(mark);
  one(".mark", item).textContent = text;
  one(".why", item).textContent = why;
  one(".why", item).hidden = !why;
};

/** A line about the stream itself. */
const remark = (text) => {
  const item = document.createElement("li");
  item.className = "remark";
  item.textContent = `${new Date().toLocaleTimeString([], { hour12: false })} ${text}`;
  log.prepend(item);
};

const arrive = (message) => {
  const arrived = { ...message, at: new Date() };
  if (pause.getAttribute("aria-pressed") === "true") {
    held.push(arrived);
    tally();
  } else append(arrived);
};

let stream;

const show = (state, reason = "") => {
  one(".dot").dataset.state = state;
  one("[data-state-name]").textContent = state;
  one("[data-state-reason]").textContent = reason && `(${reason})`;
  const isOpen = stream && state !== "closed" && state !== "denied";
  one("[data-connect]").textContent = isOpen ? "Disconnect" : "Connect";
};

const disconnect = () => {
  stream?.close();
  stream = undefined;
  show("off");
};

const connect = async () => {
  disconnect();
  const chosen = boxes.filter(({ checked }) => checked).map(({ value }) => value);
  const isAll = chosen.length === boxes.length;
  if (!chosen.length) return show("off", "choose an event first");
  const { connect: open, fetchTransport, pollFallback } = await fromPackage("client.js");
  const opened = open(new URL("../events", import.meta.url).href, {
    ...(isAll ? {} : { events: chosen }),
    ...(channel?.value && { channel: channel.value }),
    transport: fetchTransport({ headers }),
    fallback: pollFallback({ url: new URL("../poll", import.meta.url).href, headers }),
  });
  stream = opened;
  opened.state.subscribe((state, reason) => stream === opened && show(state, reason));
  opened.onAny(arrive);
  opened.onGap(({ reason }) => remark(`events are missing here (${reason})`));
  opened.onUnknown(({ event, reason }) => remark(`${event}: ${reason === "json" ? "no JSON" : "not asked for"}`));
  opened.on("growset.connected", ({ data }) => {
    remark(`connected to ${data.server ?? "the server"}, resume: ${data.resume ?? "unknown"}`);
  });
};

one("[data-choose]").addEventListener("submit", (event) => {
  event.preventDefault();
  if (stream && stream.state.current !== "closed" && stream.state.current !== "denied") disconnect();
  else connect();
});

const check = (value) => {
  for (const box of boxes) if (!box.closest("label").hidden) box.checked = value;
};
one("[data-all]").addEventListener("click", () => check(true));
one("[data-none]").addEventListener("click", () => check(false));
one("[data-filter-events]").addEventListener("input", ({ currentTarget }) => {
  const wanted = currentTarget.value.toLowerCase();
  for (const box of boxes) box.closest("label").hidden = !box.value.toLowerCase().includes(wanted);
  for (const owner of all("[data-owner]")) owner.hidden = !one("label:not([hidden])", owner);
});

pause.addEventListener("click", () => {
  const isPaused = pause.getAttribute("aria-pressed") !== "true";
  pause.setAttribute("aria-pressed", `${isPaused}`);
  pause.textContent = isPaused ? "Go on" : "Pause";
  if (!isPaused) held.splice(0).forEach(append);
  tally();
});
one("[data-clear]").addEventListener("click", () => {
  log.replaceChildren();
  count = 0;
  held = [];
  tally();
});

/** Under --dev: an example of each event, to be changed and published. */
const offerToPublish = (catalog) => {
  const form = one("[data-publish]");
  const select = one("[data-publish-event]");
  const text = one("[data-publish-data]");
  const said = one("[data-published]");
  const events = Object.entries(catalog.events ?? {}).filter(([, event]) => !event.retired && event.examples?.length);
  for (const [name] of events) select.append(new Option(name, name));
  const fill = () => {
    const found = events.find(([name]) => name === select.value);
    text.value = JSON.stringify(found?.[1].examples[0] ?? {}, null, 2);
    said.textContent = "";
  };
  select.addEventListener("change", fill);
  const wanted = new URLSearchParams(location.search).get("events");
  if (events.some(([name]) => name === wanted)) select.value = wanted;
  fill();
  form.hidden = !events.length;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    let data;
    try {
      data = JSON.parse(text.value);
    } catch (error) {
      said.textContent = `The payload is no JSON: ${error.message}`;
      return;
    }
    const { audience } = catalog.events[select.value];
    const recipient = {
      ...(audience !== "public" && { org: "demo" }),
      ...(audience === "user" && { user: "demo" }),
      ...(audience === "channel" && { channel: channel?.value || "demo" }),
    };
    const answer = await fetch(new URL("../publish", import.meta.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ event: select.value, ...recipient, data }),
    });
    const told = await answer.json();
    const problems = told.errors ?? [];
    said.textContent = answer.ok
      ? `Published as ${told.id}.`
      : [told.detail, ...problems.map(({ pointer, detail }) => `${pointer}: ${detail}`)].join("\n");
  });
};

const start = async () => {
  const answer = await fetch(new URL("../page.json", import.meta.url)).catch(() => undefined);
  if (!answer?.ok) return;
  const { dev, catalog } = await answer.json();
  one("[data-static]").hidden = true;
  one("[data-console]").hidden = false;
  one("[data-token-field]").hidden = dev;
  if (channel && dev) channel.value = "demo";
  const asked = new URLSearchParams(location.search).get("events")?.split(",");
  for (const box of boxes) box.checked = asked ? asked.includes(box.value) : !box.hasAttribute("data-draft") || dev;
  one("[data-stale]").hidden = one("[data-console]").dataset.catalog === catalog;
  if (dev) {
    const served = await fetch(new URL("../catalog", import.meta.url));
    offerToPublish(await served.json());
    await connect();
  }
};

start();
