import { spawn } from 'node:child_process';
import { SecretsError } from '../errors.ts';

/** Bytes that it may print. */
const most = 64 * 1024;

/**
 * What a command line of the operator's prints, run through `sh -c`; what it says on stderr is seen by whoever runs us. It
 * has a time limit, with all that it started. Throws `failed`, which does not quote it: it may hold a password.
 */
export async function outputOf(line: string, what: string, seconds: number): Promise<string> {
  const env = { ...process.env, SECRETS_MASTER_KEY: undefined, SECRETS_TOKEN: undefined };
  const child = spawn('sh', ['-c', line], { env, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  let late = false;
  const end = (): void => {
    killGroup(child.pid);
    // Somebody in a session of their own may hold it open for good.
    child.stdout.destroy();
  };
  const timer = setTimeout(() => {
    late = true;
    end();
  }, seconds * 1000);
  const parts: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > most) end();
    else parts.push(part);
  });
  try {
    const status = await new Promise<number | null>((done, failed) => {
      child.once('error', failed);
      child.once('close', done);
    });
    if (late) throw new SecretsError('failed', `${what} took longer than ${seconds} s`);
    if (bytes > most) throw new SecretsError('failed', `${what} printed more than ${most} bytes`);
    if (status !== 0) throw new SecretsError('failed', `${what} ended with status ${status ?? 'none'}`);
    return Buffer.concat(parts).toString('utf8');
  } finally {
    clearTimeout(timer);
  }
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
