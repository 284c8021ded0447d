export const match = (event, arms) => {
    const table = arms;
    return (Object.hasOwn(table, event.event) ? table[event.event] : table._)?.(event);
};
