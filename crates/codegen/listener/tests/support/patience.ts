/**
 * How long a test waits for what other processes do, in milliseconds. It says nothing of how fast they should be: a machine
 * that has other work takes its time, and only what never comes is a mistake.
 */
export const PATIENCE = 60_000;
