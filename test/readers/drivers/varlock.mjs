import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEach } from './texts.mjs';

/** What `varlock run` hands to its program: the same steps as its command, without starting one. */
const dist = join(import.meta.dirname, '../node_modules/varlock/dist');
const part = async (name, ...exported) => {
  const file = readdirSync(dist).find((entry) => entry.startsWith(name) && entry.endsWith('.mjs'));
  const all = Object.values(await import(join(dist, file)));
  return exported.map((wanted) => all.find((value) => value?.name === wanted));
};
const [load, schemaErrors, noFiles, configErrors] = await part(
  'load-graph-',
  'loadVarlockEnvGraph',
  'checkForSchemaErrors',
  'checkForNoEnvFiles',
  'checkForConfigErrors',
);
// Its complaints would stand between the outcomes.
console.log = console.error = () => undefined;

await readEach(async (text) => {
  const folder = mkdtempSync(join(process.cwd(), 'text-'));
  try {
    writeFileSync(join(folder, '.env'), text);
    // Without it, a name must have a value.
    writeFileSync(join(folder, '.env.schema'), '# @defaultRequired=infer\n# ---\nX=\n');
    const graph = await load({ entryFilePaths: [`${folder}/`], skipCache: true });
    schemaErrors(graph);
    noFiles(graph);
    await graph.resolveEnvValues();
    configErrors(graph);
    return definedIn(graph.getResolvedEnvStringObject({}));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** A name with an empty value is not set at all, which no program can tell from empty but by looking for it. */
function definedIn(values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? '']));
}
