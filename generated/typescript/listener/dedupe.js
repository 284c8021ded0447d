/** Every event once: a bounded window of the ids that were seen. */
const SIZE = 1000;
/** Returns the question whether this id is new, which makes it old. */
export const dedupe = () => {
    const seen = new Set();
    return (id) => {
        if (seen.has(id))
            return false;
        seen.add(id);
        // A Set keeps the order of insertion, so the first is the oldest.
        if (seen.size > SIZE)
            for (const oldest of seen)
                return seen.delete(oldest);
        return true;
    };
};
