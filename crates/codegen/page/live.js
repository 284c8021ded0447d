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
const contracts = new Map();
const contractOf = (name) => {
  const module = boxes.find(({ value }) => value === name)?.dataset.module;
  if (!module) return undefined;
  if (!contracts.has(name)) {
    const loaded = fromPackage(`validate/${module}.js`).then(({ contract }) => contract);
    contracts.set(name, loaded.catch(() => undefined));
  }
  return contracts.get(name);
};

const verdict = async (name, data) => {
  const contract = await contractOf(name);
  if (!contract) return { mark: "unknown", text: "not in this catalog", why: "" };
  const findings = contract.inspect(data);
  const why = findings
    .map(({ reason, message, path }) => `/${path.join("/")}: ${message ?? `a ${reason} that this page does not know`}`)
    .join("\n");
  if (findings.some(({ reason }) => reason === "invalid")) return { mark: "invalid", text: "not valid", why };
  return why ? { mark: "unknown", text: "newer than this page", why } : { mark: "valid", text: "valid", why };
};

const copy = async (button, text) => {
  // Pressed again, it still says what it was.
  button.dataset.label ??= button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "The browser does not allow it";
  }
  setTimeout(() => {
    button.textContent = button.dataset.label;
  }, 1500);
};

/** Gaps that stay in sight, however much comes after them. */
const GAPS = 20;

let count = 0;
let isPaused = false;
/** What came last while paused, the oldest first, and how much came. */
let held = [];
let heldCount = 0;

const tally = () => {
  one("[data-tally]").textContent = heldCount ? `${count}, ${heldCount} held back` : `${count}`;
  one("[data-empty]").hidden = count > 0;
};

/** What somebody reads, or has to know. */
const stays = (item) =>
  item.contains(document.activeElement) || item.matches(".gap") || one("details[open]", item) !== null;

/** The newest comes first, and no more than can be looked through stays. */
const put = (item) => {
  log.prepend(item);
  let oldest = log.lastElementChild;
  for (let excess = log.children.length - KEPT; excess > 0 && oldest; ) {
    const next = oldest.previousElementSibling;
    if (!stays(oldest)) {
      oldest.remove();
      excess--;
    }
    oldest = next;
  }
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
  put(item);
  const { mark, text, why } = await verdict(event, data);
  one(".mark", item).classList.add(mark);
  one(".mark", item).textContent = text;
  one(".why", item).classList.add(mark);
  one(".why", item).textContent = why;
  one(".why", item).hidden = !why;
};

/** A line about the stream itself. */
const remark = (text, kind = "") => {
  const item = document.createElement("li");
  item.className = `remark ${kind}`;
  item.textContent = `${new Date().toLocaleTimeString([], { hour12: false })} ${text}`;
  put(item);
};

const arrive = (message) => {
  const arrived = { ...message, at: new Date() };
  if (isPaused) {
    held.push(arrived);
    heldCount++;
    if (held.length > KEPT) held.shift();
    tally();
  } else append(arrived);
};

let stream;
const isOpen = () => stream && !["closed", "denied"].includes(stream.state.current);
/** How often it was connected or disconnected: what is still being loaded may have been overtaken. */
let turns = 0;

const show = (state, reason = "") => {
  one(".dot").dataset.state = state;
  one("[data-state-name]").textContent = state;
  one("[data-state-reason]").textContent = reason && `(${reason})`;
  one("[data-connect]").textContent = isOpen() ? "Disconnect" : "Connect";
  one("[data-empty]").textContent = isOpen()
    ? "Nothing yet. Events appear here as they happen."
    : "Nothing yet. Choose events and connect.";
};

const disconnect = () => {
  turns++;
  stream?.close();
  stream = undefined;
  show("off");
};

/** From where it was, where it was connected: what is asked for changes, and nothing is lost meanwhile. */
const connect = async () => {
  const lastEventId = isOpen() ? stream.lastEventId : "";
  disconnect();
  const checked = boxes.filter((box) => box.checked);
  // The server refuses names that could never be heard.
  const heard = checked.filter(({ dataset }) => dataset.audience !== "channel" || channel?.value);
  const chosen = heard.map(({ value }) => value);
  const isAll = checked.length === boxes.length;
  if (!chosen.length) return show("off", checked.length ? "name a channel first" : "choose an event first");
  const turn = turns;
  const { connect: open, fetchTransport, pollFallback } = await fromPackage("client.js");
  if (turn !== turns) return;
  const opened = open(new URL("../events", import.meta.url).href, {
    ...(isAll ? {} : { events: chosen }),
    ...(channel?.value && { channel: channel.value }),
    lastEventId,
    transport: fetchTransport({ headers }),
    fallback: pollFallback({ url: new URL("../poll", import.meta.url).href, headers }),
  });
  stream = opened;
  opened.state.subscribe((state, reason) => stream === opened && show(state, reason));
  opened.onAny(arrive);
  opened.onGap(({ reason }) => {
    remark(`events are missing here (${reason})`, "gap");
    for (const old of all(".gap", log).slice(GAPS)) old.classList.remove("gap");
  });
  opened.onUnknown(({ event, reason }) => remark(`${event}: ${reason === "json" ? "no JSON" : "not asked for"}`));
  opened.on("growset.connected", ({ data }) => {
    remark(`connected to ${data.server ?? "the server"}, resume: ${data.resume ?? "unknown"}`);
  });
};

const choose = one("[data-choose]");

one("[data-connect]").addEventListener("click", () => {
  if (isOpen()) disconnect();
  else connect();
});
// Enter in a field: what is typed applies. The button is none of the form's, so that Enter never disconnects.
choose.addEventListener("submit", (event) => {
  event.preventDefault();
  connect();
});
choose.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[type=search], [type=text], [type=password]")) return;
  event.preventDefault();
  if (event.target.type !== "search") connect();
});

/** What is chosen applies at once, many boxes together. */
let applying;
const apply = () => {
  clearTimeout(applying);
  if (isOpen()) applying = setTimeout(connect, 200);
};
choose.addEventListener("change", ({ target }) => target.type !== "search" && apply());

const check = (value) => {
  for (const box of boxes) if (!box.closest("label").hidden) box.checked = value;
  apply();
};
one("[data-all]").addEventListener("click", () => check(true));
one("[data-none]").addEventListener("click", () => check(false));
one("[data-filter-events]").addEventListener("input", ({ currentTarget }) => {
  const wanted = currentTarget.value.toLowerCase();
  for (const box of boxes) box.closest("label").hidden = !box.value.toLowerCase().includes(wanted);
  for (const owner of all("[data-owner]")) owner.hidden = !one("label:not([hidden])", owner);
});

pause.addEventListener("click", () => {
  isPaused = !isPaused;
  pause.classList.toggle("on", isPaused);
  pause.textContent = isPaused ? "Go on" : "Pause";
  if (!isPaused) {
    count += heldCount - held.length;
    heldCount = 0;
    held.splice(0).forEach(append);
  }
  tally();
});
one("[data-clear]").addEventListener("click", () => {
  log.replaceChildren();
  count = heldCount = 0;
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
    const { publishTo, PublishError } = await fromPackage("publish.js");
    const publish = publishTo(new URL("../publish", import.meta.url).href, { attempts: 1 });
    try {
      const { id } = await publish(select.value, recipient, data);
      said.textContent = `Published as ${id}.`;
    } catch (error) {
      const why = error instanceof PublishError ? error.message.replaceAll("; ", "\n") : error.message;
      said.textContent = `Not published: ${why}`;
    }
  });
};

const start = async () => {
  const answer = await fetch(new URL("../page.json", import.meta.url)).catch(() => undefined);
  if (!answer?.ok) return;
  // A host of plain files may answer any address with a page of its own.
  const { dev, catalog } = (await answer.json().catch(() => undefined)) ?? {};
  if (!catalog) return;
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
