import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from './sandbox.ts';

/** Real file systems that are small, full or read-only. They need root. */

/** Why nothing can be mounted here; undefined when it can. */
export function missingForMounts(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-mount-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  if (status === 0) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return status === 0 ? undefined : 'no tmpfs can be mounted here: run as root';
}

/** A tmpfs of its own at a folder of the sandbox, unmounted with it. */
export class SmallDisk {
  readonly folder: string;

  constructor(box: Sandbox, folder: string, size = '2m') {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', folder]);
    box.onClose(() => execFileSync('umount', ['-l', folder]));
  }

  /** Takes up all the space that is left, but for `spare` bytes. */
  fill(spare = 0): void {
    const fd = openSync(join(this.folder, 'ballast'), 'w');
    const block = Buffer.alloc(4096, 'x');
    try {
      for (;;) writeSync(fd, block);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(fd);
    }
    if (spare > 0)
      execFileSync('truncate', ['--no-create', '--size', `-${spare}`, join(this.folder, 'ballast')]);
  }

  free(): void {
    rmSync(join(this.folder, 'ballast'));
  }

  readOnly(): void {
    execFileSync('mount', ['-o', 'remount,ro', this.folder]);
  }

  writable(): void {
    execFileSync('mount', ['-o', 'remount,rw', this.folder]);
  }
}
