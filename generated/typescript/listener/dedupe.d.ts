/** Every event once: a bounded window of the ids that were seen. */
/** Returns the question whether this id is new, which makes it old. */
export declare const dedupe: () => ((id: string) => boolean);
