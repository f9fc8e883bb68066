import { driven, driverFile, here, type RealReader } from './real.ts';

/** Shells, containers, init, and the libraries of Go and Rust. */
const generator = '/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator';

export const systems: readonly RealReader[] = [
  ...['bash', 'dash', 'zsh'].map((shell) =>
    folders({
      name: shell,
      model: 'shell',
      answer: 'nul',
      command: [shell, driverFile('shell.sh')],
      needs: shell,
    }),
  ),
  folders({
    name: 'direnv',
    model: 'direnv',
    answer: 'json',
    command: ['sh', driverFile('direnv.sh')],
    needs: 'direnv',
  }),
  folders({
    name: 'systemd',
    model: 'systemd',
    answer: 'assignments',
    command: ['sh', driverFile('systemd.sh'), generator],
    needs: generator,
  }),
  built('godotenv', 'godotenv', ['go/bin/current', 'godotenv']),
  built('compose', 'compose', ['go/bin/current', 'compose']),
  built('compose-2.26', 'compose', ['go/bin/compose-2.26']),
  built('docker', 'docker', ['go/bin/current', 'docker']),
  built('dotenvy', 'dotenvy', ['rust/target/release/readers']),
];

interface Folders {
  readonly name: string;
  readonly model: string;
  readonly answer: 'nul' | 'json' | 'assignments';
  readonly command: readonly string[];
  readonly needs: string;
}

/** A program of which each text needs one of its own. */
function folders({ name, model, answer, command, needs }: Folders): RealReader {
  return driven({
    name,
    model,
    command: [process.execPath, driverFile('folders.mjs'), answer, ...command],
    needs: [needs],
    slow: true,
  });
}

/** A driver that test/readers/install has built. */
function built(name: string, model: string, [file, ...args]: readonly [string, ...string[]]): RealReader {
  return driven({ name, model, optional: true, command: [here(file), ...args], needs: [here(file)] });
}
