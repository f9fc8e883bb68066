import { spawn } from 'node:child_process';

/**
 * What this program says on stderr when it is called with other words; nothing where it has not ended well in so many
 * milliseconds: it is killed then. A limit from outside, because a lock of the vault or of a disk holds up all of a process.
 */
export async function saidBy(words: readonly string[], milliseconds: number): Promise<string> {
  const [, program = ''] = process.argv;
  const child = spawn(process.execPath, [...process.execArgv, program, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: milliseconds,
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const status = await new Promise<number | null>((done) => {
    child.once('error', () => done(null));
    child.once('close', done);
  });
  return status === 0 ? said : '';
}
