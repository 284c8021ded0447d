/** What a publisher may send, and what must not compile. Run by `npm run types`; nothing here is executed. */
import { type Intake, publishTo } from "../../src/publish.js";
import { testing } from "../../src/testing.js";

declare enum unlisted {
  _ = "_",
}
type Brand = { readonly brand: "OrderId" };

interface Money {
  readonly amount: number;
  readonly shown?: string;
}
interface Refunded {
  readonly outcome: "refunded";
  readonly refund: Money;
}
interface Created {
  readonly orderId: string & Brand;
  readonly status: "paid" | "created" | unlisted;
  readonly resolution?: Refunded | { readonly outcome: unlisted };
  readonly lines: readonly Money[];
  readonly note?: string | null;
  readonly extra: unknown;
  readonly tags: { readonly [key: string]: "a" | unlisted };
  readonly displayAmount?: string;
}
type Derived = readonly [Money, "shown"] | readonly [Created, "displayAmount"];

interface PublishMap {
  readonly created: { readonly data: Intake<Created, unlisted, Derived>; readonly audience: "org" };
  readonly counted: { readonly data: Intake<Money, never, never>; readonly audience: "user" };
  readonly told: { readonly data: { readonly text: string }; readonly audience: "public" };
}

const publish = publishTo<PublishMap>("/publish");
const orderId = "ord_1" as string & Brand;
const data = {
  orderId,
  status: "paid",
  lines: [{ amount: 1 }],
  extra: { any: 1 },
  tags: { x: "a" },
} as const;

publish("created", { org: "acme" }, data, { key: "k" });
publish(
  "created",
  { org: "acme" },
  {
    ...data,
    note: null,
    resolution: { outcome: "refunded", refund: { amount: 1 } },
  },
);
publish("counted", { org: "acme", user: "anna" }, { amount: 1, shown: "nothing here is derived" });
publish("told", {}, { text: "x" });

declare const any: Created;
// @ts-expect-error what a listener gets may hold what no contract lists
publish("created", { org: "acme" }, any);
// @ts-expect-error a misspelt event
publish("creatd", { org: "acme" }, data);
// @ts-expect-error the audience wants a user
publish("counted", { org: "acme" }, { amount: 1 });
// @ts-expect-error the audience is everyone
publish("told", { org: "acme" }, { text: "x" });
// @ts-expect-error a status that the contract does not list
publish("created", { org: "acme" }, { ...data, status: "payed" });
// @ts-expect-error a derived field
publish("created", { org: "acme" }, { ...data, displayAmount: "EUR 1" });
// @ts-expect-error a derived field inside of a list
publish("created", { org: "acme" }, { ...data, lines: [{ amount: 1, shown: "EUR 1" }] });
// @ts-expect-error a field that no contract has
publish("created", { org: "acme" }, { ...data, other: 1 });
// @ts-expect-error a required field is missing
publish("created", { org: "acme" }, { status: "paid" });

const { fixture, fakeServer } = testing<{ created: Created }>({ created: [any] });
fixture("created", { status: "paid" }).data.lines;
fakeServer().send("created", { note: null });
// @ts-expect-error a misspelt field
fixture("created", { stats: "paid" });
// @ts-expect-error a misspelt event
fakeServer().send("creatd");
