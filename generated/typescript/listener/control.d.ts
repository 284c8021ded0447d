/** Obeys what the server says of the stream itself, by its control events. */
import type { Connection } from "./connection.js";
import type { Gap } from "./frame.js";
/** Nothing is taken on trust: `told` may be any JSON, wrapped as an object. */
export declare const control: (reportGap: (gap: Pick<Gap, "reason">) => void) => ((event: string, told: object, connection: Connection) => void);
