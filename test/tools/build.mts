// Bundles src/main.ts and what it uses into dist/: CommonJS, because that loads fastest, a chunk for each lazy import.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown, type OutputChunk } from 'rolldown';

/** One chunk for what every command with a vault loads: each file costs half a millisecond. Kysely and PostgreSQL are not in it. */
const vault =
  /src\/(vault|crypto|credentials\/(?!master-key-sources)|embedded|store\/(?!migrations|sqlite-builder|postgres|copy))/;

/** One for what a command loads that works on a server. */
const client = /src\/(client|remote|credentials\/token)/;
/** What both need, in the file that every command loads. */
const shared =
  /src\/(errors|secret|api\/(?!schemas)|config|files|cli\/(define|simple|text)|credentials\/(?:keychain|private-file)|crypto\/token|process\/(?:alive|platform))/;

/** One for what a pull into a .env file loads; what other formats need stays apart. */
const pull =
  /src\/(commands\/pull|actions\/(pull\/(?!github)|keep-ignored|remember-pull)|dotenv\/(?!reading\/expand)|exposure\/(?!npm-pack)|formats\/(index|unheld|files)|process\/capture)/;

// Built aside and put in place at once: whoever runs the old build meanwhile keeps it until then.
const aside = `dist-${process.pid}`;
const bundle = await rolldown({
  input: 'src/main.ts',
  platform: 'node',
  preserveEntrySignatures: false,
  external: ['@napi-rs/keyring'],
  plugins: [lazyChildProcess()],
});
const { output } = await bundle.write({
  dir: aside,
  format: 'cjs',
  entryFileNames: 'main.js',
  chunkFileNames: '[name]-[hash].js',
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [
      { name: 'errors', test: shared, priority: 2 },
      { name: 'client', test: client, priority: 1 },
      { name: 'vault', test: vault },
      { name: 'pull', test: pull },
    ],
  },
  // Names stay: they are in the stack traces that users send.
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  sourcemap: 'hidden',
});
await bundle.close();

const chunks = output.filter((file): file is OutputChunk => file.type === 'chunk');
const bundled = new Set(chunks.flatMap((chunk) => chunk.moduleIds).flatMap((id) => packageOf(id) ?? []));
writeFileSync(join(aside, 'licenses.txt'), [...bundled].toSorted().map(license).join('\n'));

rmSync('dist', { recursive: true, force: true });
renameSync(aside, 'dist');

/**
 * commander imports node:child_process for external subcommands, which we have none of; loading it (and node:net with
 * it) would cost every command 4 ms. The import becomes a getter.
 */
function lazyChildProcess() {
  const id = 'virtual:child-process';
  return {
    name: 'lazy-child-process',
    resolveId: (source: string, importer?: string) =>
      source === 'node:child_process' && importer?.includes('node_modules/commander/') ? id : null,
    load: (wanted: string) =>
      wanted === id
        ? "export default { get spawn() { return process.getBuiltinModule('node:child_process').spawn; } };"
        : null,
  };
}

function packageOf(id: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];
}

function license(folder: string): string {
  const { name, version, license: spdx } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '';
  return `${name} ${version} (${spdx})\n${'-'.repeat(70)}\n${text}\n`;
}
