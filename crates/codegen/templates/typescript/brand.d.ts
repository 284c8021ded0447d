/** Tells two kinds of strings apart. There is nothing of it at run time: `"ord_1" as OrderId` makes one. */
type brand<Name extends string> = { readonly [branded]: { readonly [name in Name]: true } };
declare const branded: unique symbol;

