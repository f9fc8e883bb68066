/** `1 secret`, `3 secrets`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** Names for one line: ten at most, then how many more. */
export function namesText(names: readonly string[]): string {
  const more = names.length - 10;
  return more > 0 ? `${names.slice(0, 10).join(', ')} and ${more} more` : names.join(', ');
}

/** `web/production` */
export function scopeText({ project, environment }: { project: string; environment: string }): string {
  return `${project}/${environment}`;
}

/** A time for people: to the minute, in the local time zone. */
export function timeText(iso: string): string {
  const at = new Date(iso);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
