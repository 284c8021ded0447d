// An application of the second release, which brought `deliverable.rejected.v2` and the currency of `escrow.released`.

import type { DeliverableRejected, DeliverableRejectedV2, EscrowReleased } from "@example/events";
import { connect, fetchTransport, match } from "@example/events/client";

// Both versions side by side, told apart by their names.
const stream = connect("/events", { events: ["deliverable.rejected", "deliverable.rejected.v2"] });
stream.onAny((event) =>
  match(event, {
    "deliverable.rejected": ({ data }) => first(data),
    "deliverable.rejected.v2": ({ data }) => second(data),
  }),
);
stream.on("deliverable.rejected.v2", ({ data }) => {
  // @ts-expect-error the first version's word for it
  return data.reason;
});
// @ts-expect-error no first version is a second one
stream.on("deliverable.rejected", ({ data }) => second(data));

const first = (rejected: DeliverableRejected): string => rejected.reason;
const second = (rejected: DeliverableRejectedV2): string => `${rejected.feedback}`;
export const paid = ({ amount, currency }: EscrowReleased): string => `${currency ?? ""} ${amount}`;

// A pattern takes what a later release adds.
connect("/events", { events: ["deliverable.*"], transport: fetchTransport() }).onAny((event) =>
  match(event, { "deliverable.rejected.v2": ({ data }) => second(data), _: ({ event }) => `${event}` }),
);
