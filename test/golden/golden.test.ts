import { expect, test } from 'vitest';
import { isGroup } from '../../src/cli/define.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { HelpShown } from '../../src/cli/usage.ts';
import { commands } from '../../src/commands/index.ts';
import { printing } from './context.ts';
import { page } from './pages.ts';

/** What help prints and what docs/commands says, held in files. They are written by `npm run golden`, and read as a diff. */
async function helpOf(...words: string[]): Promise<string> {
  const { ctx, printed } = printing();
  const argv = [...words, '--help'];
  const program = await buildProgram(commands, argv, ctx);
  await expect(program.parseAsync(argv, { from: 'user' })).rejects.toBeInstanceOf(HelpShown);
  return printed();
}

const entries = await Promise.all(Object.values(commands).map((load) => load()));
const shown = entries.filter((entry) => isGroup(entry) || !entry.hidden);

test('help of the program', async () => {
  await expect(await helpOf()).toMatchFileSnapshot('help/secrets.txt');
});

test.each(shown)('help of $name', async (entry) => {
  const below = isGroup(entry) ? await Promise.all(Object.values(entry.commands).map((load) => load())) : [];
  const names = below.filter((it) => isGroup(it) || !it.hidden).map(({ name }) => name);
  const texts = [
    await helpOf(entry.name),
    ...(await Promise.all(names.map((name) => helpOf(entry.name, name)))),
  ];
  await expect(texts.join('\n')).toMatchFileSnapshot(`help/${entry.name}.txt`);
});

test.each(shown)('docs page of $name', async (entry) => {
  await expect(await page(entry)).toMatchFileSnapshot(`../../docs/commands/${entry.name}.md`);
});
