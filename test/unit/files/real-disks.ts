import { spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** Why nothing can be mounted here; undefined when it can. */
export const missingForMounts =
  process.geteuid?.() === 0 && spawnSync('mount', ['--version']).status === 0
    ? mountFault()
    : 'no file system can be mounted here: run as root';

function mountFault(): string | undefined {
  const { status } = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  return status === 0 ? undefined : 'no file system can be mounted here: run as root';
}

/** Mounts until the test ends. */
export function mounted(...args: string[]): void {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`mount ${args.join(' ')}: ${stderr}`);
  onTestFinished(() => void spawnSync('umount', ['-l', args.at(-1)!]));
}
