import { readdirSync, readlinkSync } from 'node:fs';

/** libuv closes descriptors up to this one, and those behind it that follow without a gap, when a process is replaced. */
const highestMarked = 16;

/**
 * Descriptors behind stderr that were handed to this process, and that would be lost if it became another: Node marks
 * the low ones at its start, and there is no way to take that back. Its own are told apart by what they are: anonymous,
 * /dev/null, or a pipe of which it holds both ends. Linux only; elsewhere none is found.
 */
export function inheritedDescriptors(): number[] {
  const open = ownDescriptors().filter(({ fd }) => fd > 2);
  const ends = Map.groupBy(open, ({ target }) => target);
  return open
    .filter(
      ({ fd, target }) =>
        fd <= highestMarked &&
        !/^anon_inode:|^\/dev\/null$|^\/proc\//.test(target) &&
        !isOwnPipe(ends, target),
    )
    .map(({ fd }) => fd);
}

function isOwnPipe(ends: ReadonlyMap<string, readonly unknown[]>, target: string): boolean {
  return target.startsWith('pipe:') && (ends.get(target)?.length ?? 0) > 1;
}

function ownDescriptors(): { fd: number; target: string }[] {
  try {
    return readdirSync('/proc/self/fd').flatMap((name) => {
      try {
        return [{ fd: Number(name), target: readlinkSync(`/proc/self/fd/${name}`) }];
      } catch {
        // The one that the folder itself was read with.
        return [];
      }
    });
  } catch {
    return [];
  }
}
