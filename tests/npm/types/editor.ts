// Opened by the editor tests, which ask about the marked places.

import type { EventMap, OrderCreated, OrderStatus, Resolution } from "@example/events";
import { ORDER_UPDATE } from "@example/events";

declare const order: OrderCreated;
declare const status: OrderStatus;
declare const resolution: Resolution;

export const total = order.total;
export const isPaid = status === "paid";
export const created: EventMap["order.created"] = order;
export const old = ORDER_UPDATE;
export const note = resolution.outcome === "split" ? resolution.note : undefined;
