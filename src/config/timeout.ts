/** Longest time that a server may be given, in seconds. */
export const longestTimeout = 3600;

/** Seconds as they are typed, like `30` or `0.5`; undefined for anything but a number over 0 and up to `longestTimeout`. */
export function timeoutIn(typed: string): number | undefined {
  const seconds = /^\d+(\.\d+)?$/.test(typed) ? Number(typed) : 0;
  return seconds > 0 && seconds <= longestTimeout ? seconds : undefined;
}
