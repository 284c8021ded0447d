/** Publishing from a service: what goes over the wire, and what is tried again. */
import { expect, test } from "vitest";
import { PublishError, type PublisherSettings, publishTo } from "../../src/publish.js";

interface PublishMap {
  "order.created": { readonly data: { readonly orderId: string }; readonly audience: "org" };
  "counter.changed": { readonly data: { readonly value: number }; readonly audience: "user" };
}

type Answer = Error | { readonly status: number; readonly body?: unknown; readonly retryAfter?: string };

/** A server that gives these answers in turn, and time that passes by itself. */
const serve = (...answers: Answer[]) => {
  const requests: {
    readonly url: string;
    readonly body: Record<string, unknown>;
    readonly headers: Headers;
  }[] = [];
  const waits: number[] = [];
  const environment: PublisherSettings["environment"] = {
    Date: { now: () => 0 },
    Math: { random: () => 0.5 },
    crypto: { randomUUID: () => "a-fresh-key" },
    setTimeout: (run, milliseconds) => {
      waits.push(milliseconds);
      queueMicrotask(run);
    },
    fetch: async (url, { body, headers }) => {
      requests.push({ url, body: JSON.parse(`${body}`), headers: new Headers(headers) });
      const answer = answers.shift() ?? { status: 500 };
      if (answer instanceof Error) throw answer;
      const { status, body: told = { id: "1-1" }, retryAfter } = answer;
      return new Response(JSON.stringify(told), {
        status,
        headers: retryAfter ? { "retry-after": retryAfter } : {},
      });
    },
  };
  const publish = (settings: PublisherSettings = {}) =>
    publishTo<PublishMap>("http://events/publish", { environment, ...settings });
  return { requests, waits, publish };
};

test("the event goes with its recipient, its payload and a key", async () => {
  const { requests, publish } = serve({ status: 201, body: { id: "7-1" } });
  let token = 0;
  const headers = async () => ({ authorization: `Bearer ${++token}` });
  const published = await publish({ headers })(
    "counter.changed",
    { org: "acme", user: "anna" },
    { value: 3 },
  );
  expect(published).toEqual({ id: "7-1" });
  expect(requests[0]?.body).toEqual({
    event: "counter.changed",
    org: "acme",
    user: "anna",
    data: { value: 3 },
    key: "a-fresh-key",
  });
  expect(requests[0]?.headers.get("authorization")).toBe("Bearer 1");
  expect(requests[0]?.headers.get("content-type")).toBe("application/json");
});

test("what the network loses is sent again under the same key, with waits that grow", async () => {
  const { requests, waits, publish } = serve(
    new TypeError("network"),
    { status: 503 },
    { status: 429, retryAfter: "2" },
    { status: 201, body: { id: "7-1", repeated: true } },
  );
  const published = await publish()("order.created", { org: "acme" }, { orderId: "a" }, { key: "order-a" });
  expect(published).toEqual({ id: "7-1", repeated: true });
  expect(requests.map(({ body }) => body.key)).toEqual(["order-a", "order-a", "order-a", "order-a"]);
  expect(waits).toEqual([100, 200, 2400]);
});

test("Retry-After is honoured as a date, too", async () => {
  const { waits, publish } = serve(
    { status: 503, retryAfter: "Thu, 01 Jan 1970 00:00:03 GMT" },
    { status: 503, retryAfter: "Wed, 31 Dec 1969 00:00:00 GMT" },
    { status: 503, retryAfter: "soon" },
    { status: 201 },
  );
  await publish()("order.created", { org: "acme" }, { orderId: "a" });
  expect(waits).toEqual([3100, 200, 400]);
});

test("what is refused is the caller's, at once and with the server's account", async () => {
  const errors = [
    { pointer: "/orderId", detail: "5 is not of type string" },
    { detail: "field `total` is missing" },
  ];
  const problem = { title: "invalid payload", detail: "the payload breaks the contract", errors };
  const { requests, publish } = serve({ status: 422, body: problem });
  const refused = publish()("order.created", { org: "acme" }, { orderId: "a" });
  await expect(refused).rejects.toMatchObject({
    name: "PublishError",
    message: "the payload breaks the contract; /orderId 5 is not of type string; field `total` is missing",
    status: 422,
    problem,
  });
  expect(requests).toHaveLength(1);
});

test.each([[{ errors: [null, 5, {}] }], [{ errors: "many" }], ["<html>"]])(
  "an account that is none of this server's, %j, harms nothing",
  async (body) => {
    const { publish } = serve({ status: 422, body });
    await expect(publish()("order.created", { org: "acme" }, { orderId: "a" })).rejects.toThrow(
      /^the server answered 422$/,
    );
  },
);

test("after the last attempt the failure is the caller's", async () => {
  const { requests, publish } = serve({ status: 500, body: null }, { status: 502, body: {} });
  const given = publish({ attempts: 2 })("order.created", { org: "acme" }, { orderId: "a" });
  await expect(given).rejects.toBeInstanceOf(PublishError);
  expect(requests).toHaveLength(2);
  const lost = serve(new TypeError("network"));
  const first = lost.publish({ attempts: 1 })("order.created", { org: "acme" }, { orderId: "a" });
  await expect(first).rejects.toThrow("network");
});

test("an aborted signal sends nothing, and one that aborts ends the waiting", async () => {
  const { requests, publish } = serve();
  const order = [{ org: "acme" }, { orderId: "a" }] as const;
  const never = publish()("order.created", ...order, { signal: AbortSignal.abort() });
  await expect(never).rejects.toThrow("aborted");
  expect(requests).toHaveLength(0);
  const leaving = new AbortController();
  const environment = {
    Date,
    Math,
    crypto,
    setTimeout: () => leaving.abort(),
    fetch: async () => new Response("{}", { status: 503 }),
  };
  const left = publish({ environment })("order.created", ...order, { signal: leaving.signal });
  await expect(left).rejects.toThrow("aborted");
});
