/**
 * What the generated validators share. A check answers whether a value passes, and allocates nothing while it does; one
 * that fails notes what it expected, and each of its callers notes where. Nothing here ever throws.
 */
export type Key = string | number;
export type Check = (value: unknown) => boolean;
/** The part at hand does not pass. */
export declare const no: (what: string) => false;
/** What did not pass is below this key. */
export declare const inside: (key: Key) => false;
/** A member whose name every object inherits something by. */
export declare const own: (value: object, key: string) => unknown;
export declare const object: (value: unknown) => boolean;
export declare const items: (list: readonly unknown[], check: Check) => boolean;
export declare const values: (map: Readonly<Record<string, unknown>>, check: Check) => boolean;
/** The length in code points, as contracts count it. */
export declare const points: (text: string) => number;
/** Whether no two items are equal, whatever the order of their members. */
export declare const unique: (list: readonly unknown[]) => boolean;
export interface Issue {
    readonly message: string;
    readonly path: readonly Key[];
}
/** The interface of https://standardschema.dev, version 1, which forms, routers and clients of many kinds take. */
export interface Schema<Payload> {
    readonly "~standard": {
        readonly version: 1;
        readonly vendor: "growset";
        validate(value: unknown): {
            readonly value: Payload;
        } | {
            readonly issues: readonly Issue[];
        };
        readonly types?: {
            readonly input: Payload;
            readonly output: Payload;
        };
    };
}
export declare const schema: <Payload>(check: Check) => Schema<Payload>;
/** What is wrong with a value, if anything is. */
export declare const issue: (check: Check, value: unknown) => Issue | undefined;
