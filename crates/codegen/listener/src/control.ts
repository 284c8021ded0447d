/** Obeys what the server says of the stream itself, by its control events. */
import type { Connection } from "./connection.js";
import type { ControlEventMap, Gap } from "./frame.js";

type Told = Partial<ControlEventMap["growset.connected"] & ControlEventMap["growset.bye"] & Gap>;

/** Nothing is taken on trust: `told` may be any JSON, wrapped as an object. */
export const control = (
  reportGap: (gap: Pick<Gap, "reason">) => void,
): ((event: string, told: object, connection: Connection) => void) => {
  let connectedBefore = false;
  return (event, data, connection) => {
    const told: Told = data;
    if (event === "growset.gap") reportGap(told as Gap);
    if (event === "growset.bye") connection.lose("bye", Number(told.retryMs) || 0);
    if (event === "growset.connected") {
      connection.expect(told.pingMs, told.retryMs);
      // The server takes us for a newcomer, because no id had reached us: what came meanwhile is lost.
      if (connectedBefore && told.resume === "new") reportGap({ reason: "unknown" });
      connectedBefore = true;
    }
  };
};
