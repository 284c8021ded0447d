// What the board knows. Any component reads it; the stream and the first request write it.
import { useSyncExternalStore } from "react";

export type Order = Readonly<Record<"orderId" | "title" | "status" | "last", string>>;

let orders: ReadonlyMap<string, Order> = new Map();
let notices: readonly string[] = [];
const readers = new Set<() => void>();
const tell = () => readers.forEach((reader) => reader());
const subscribe = (reader: () => void) => (readers.add(reader), () => void readers.delete(reader));

export const useOrders = () => useSyncExternalStore(subscribe, () => orders);
export const useNotices = () => useSyncExternalStore(subscribe, () => notices);

export const replaceOrders = (all: readonly Order[]) => {
  orders = new Map(all.map((order) => [order.orderId, order]));
  tell();
};
export const updateOrder = (orderId: string, change: Partial<Order>) => {
  const known = orders.get(orderId) ?? { orderId, title: orderId, status: "created", last: "" };
  orders = new Map(orders).set(orderId, { ...known, ...change });
  tell();
};
export const showNotification = (text: string) => {
  notices = [text, ...notices].slice(0, 5);
  tell();
};
