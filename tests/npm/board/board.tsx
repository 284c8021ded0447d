// One connection for the life of the application, its state on screen, the truth asked for again when events may be missing.
import type { AnyEvent, EventMap } from "@example/events";
import { connect, fetchTransport, match } from "@example/events/client";
import { useConnectionState } from "@example/events/react";
import { useEffect, useState } from "react";
import { type Order, replaceOrders, showNotification, updateOrder, useNotices, useOrders } from "./store.js";

const events = [
  "order.created", "order.status.changed", "deliverable.uploaded", "deliverable.accepted", "deliverable.rejected",
  "payment.succeeded", "payment.failed", "escrow.released", "dispute.opened", "dispute.resolved", "contract.fully_signed",
] as const satisfies readonly (keyof EventMap)[];
type Heard = Extract<AnyEvent, { event: (typeof events)[number] }>;

/** Each event has an arm: one that is left out does not compile. */
const apply = (event: Heard) =>
  match(event, {
    "order.created": ({ data }) => updateOrder(data.orderId, { title: data.title, last: `placed, ${data.displayAmount ?? data.total}` }),
    "order.status.changed": ({ data }) => updateOrder(data.orderId, { status: data.to, last: `was ${data.from}` }),
    "deliverable.uploaded": ({ data }) => updateOrder(data.orderId, { last: `${data.deliverableId} uploaded` }),
    "deliverable.accepted": ({ data }) => updateOrder(data.orderId, { last: `${data.deliverableId} accepted` }),
    "deliverable.rejected": ({ data }) => updateOrder(data.orderId, { last: `rejected: ${data.reason}` }),
    "payment.succeeded": ({ data }) => updateOrder(data.orderId, { last: `paid, ${data.displayAmount ?? data.amount}` }),
    "payment.failed": ({ data }) => showNotification(`The payment of ${data.orderId} failed: ${data.errorCode}`),
    "escrow.released": ({ data }) => updateOrder(data.orderId, { last: `${data.milestoneId} paid out` }),
    "dispute.opened": ({ data }) => showNotification(`A dispute about ${data.orderId}: ${data.reason}`),
    "dispute.resolved": ({ data }) => updateOrder(data.orderId, { last: `dispute ${data.resolution.outcome}` }),
    "contract.fully_signed": ({ data }) => showNotification(`Contract ${data.number} is signed`),
  });

const refetch = async () => replaceOrders((await (await fetch("/orders")).json()) as Order[]);

/** Opened once, when the application starts; every component reads the store. */
const open = () => {
  const stream = connect("/events", { events, transport: fetchTransport() });
  stream.onAny(apply);
  stream.onGap(refetch);
  stream.on("growset.connected", ({ data }) => data.resume === "exact" || refetch());
  return stream;
};

const LABELS: Record<string, string> = { live: "Connected", retrying: "Reconnecting…", denied: "Sign in again" };

const Badge = ({ stream }: { stream: ReturnType<typeof open> }) => {
  const state = useConnectionState(stream);
  return <p id="state" role="status">{LABELS[state] ?? state}</p>;
};

export const Board = () => {
  const [stream, setStream] = useState<ReturnType<typeof open>>();
  useEffect(() => {
    const opened = open();
    setStream(opened);
    return opened.close;
  }, []);
  const [orders, notices] = [[...useOrders().values()], useNotices()];
  return (
    <>
      {stream && <Badge stream={stream} />}
      <ul id="orders">{orders.map(({ orderId, title, status, last }) => <li key={orderId}>{title}: {status} ({last})</li>)}</ul>
      <ul id="notices">{notices.map((text, at) => <li key={at}>{text}</li>)}</ul>
    </>
  );
};
