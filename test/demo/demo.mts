// `npm run demo`: the main job from init to delete, on a real vault in a temporary folder, on a real terminal.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { spawn } from '@lydell/node-pty';

const steps: [why: string, line: string][] = [
  [
    'A project that needs an API key. Tie it to a project of the vault.',
    'git init -q . && secrets init --project demo',
  ],
  ['Without the key, the program does not work.', 'node app.js || true'],
  [
    'Set the key (from a pipe here; `secrets set OPENAI_API_KEY` alone asks at a hidden prompt).',
    "printf %s 'sk-demo-51f0c8d2a7' | secrets set OPENAI_API_KEY",
  ],
  [
    'Bring in what stands in an old .env file.',
    "printf 'DATABASE_URL=postgres://localhost/demo\\nLOG_LEVEL=debug\\n' | secrets import - --format dotenv",
  ],
  ['What is there? Names and versions, never values.', 'secrets list'],
  ['Run the program with the secrets in its environment. No file is written.', 'secrets run -- node app.js'],
  [
    'For programs that want a file: .env, readable by you alone, ignored by git.',
    'secrets pull && cat .env && ls -l .env && cat .gitignore',
  ],
  [
    'A new key. The next run has it; the old one stays in the history.',
    'secrets rotate OPENAI_API_KEY --generate && secrets run -- node app.js && secrets history OPENAI_API_KEY',
  ],
  ['The file here is behind now, and status says so.', 'secrets status'],
  [
    'A secret that is no longer needed goes for good, with all its versions.',
    'secrets delete LOG_LEVEL --yes && secrets pull && cat .env',
  ],
  ['All parts, checked.', 'secrets doctor'],
];

const folder = mkdtempSync(join(tmpdir(), 'secrets-demo-'));
try {
  const env = prepare(folder);
  for (const [why, line] of steps) {
    process.stdout.write(`\n# ${why}\n$ ${line}\n`);
    const status = await onTerminal(line, env);
    if (status !== 0) throw new Error(`"${line}" ended with status ${status}`);
  }
  process.stdout.write('\nDone: the vault, the key and the folder of this demo are removed.\n');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A home, a project and a `secrets` command; the master key comes in a variable, so that no keychain is touched. */
function prepare(root: string): Record<string, string> {
  const [home, project, bin] = ['home', 'project', 'bin'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [home, project, bin]) mkdirSync(each);
  copyFileSync(resolve('test/demo/app.js'), join(project, 'app.js'));
  writeFileSync(
    join(bin, 'secrets'),
    `#!/bin/sh\nexec '${process.execPath}' '${resolve('bin/secrets.js')}' "$@"\n`,
    { mode: 0o755 },
  );
  const path = [bin, resolve(process.execPath, '..'), process.env.PATH ?? ''].join(delimiter);
  const env = { HOME: home, PATH: path, TERM: 'xterm', NO_COLOR: '1', PWD: project };
  return { ...env, SECRETS_MASTER_KEY: newKey(env) };
}

function newKey(env: Record<string, string>): string {
  return process
    .getBuiltinModule('node:child_process')
    .execFileSync('secrets', ['key', 'generate'], { env, encoding: 'utf8' })
    .trim();
}

function onTerminal(line: string, env: Record<string, string>): Promise<number> {
  const pty = spawn('sh', ['-c', line], { cwd: env.PWD!, env, cols: 120, rows: 40 });
  pty.onData((data) => process.stdout.write(data.replaceAll('\r\n', '\n')));
  return new Promise((done) => pty.onExit(({ exitCode }) => done(exitCode)));
}
