import { spawnSync } from 'node:child_process';

/** What a test needs and a machine may lack: under CI it must be there, elsewhere the title of the test tells the reason. */
export function lacking(reason: string | undefined): string | undefined {
  if (reason && process.env.CI === 'true') throw new Error(reason);
  return reason;
}

/** The reason when one of these programs is not installed. */
export function lackingPrograms(...names: string[]): string | undefined {
  const missing = names.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  return lacking(missing.length > 0 ? `${missing.join(', ')} is not installed` : undefined);
}

/** A title with the reason behind it why it is skipped. */
export function titled(title: string, reason: string | undefined): string {
  return reason ? `${title} (skipped: ${reason})` : title;
}
