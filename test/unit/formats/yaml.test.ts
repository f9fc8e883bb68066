import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { formatText } from '../../../src/formats/index.ts';
import { titled } from '../../e2e/harness/needs.ts';
import { everything, inputOf } from './hostile.ts';
import { lackingElsewhere, lackingPython, noRuby, python, rubyYaml, told } from './programs.ts';

/** PyYAML and Ruby read YAML 1.1 by two parsers, kubectl's is Go's; the library reads 1.2. */
const noPyYaml = lackingPython('yaml');
const noKubectl = lackingElsewhere('kubectl');
const meant = [...everything];

it.skipIf(noPyYaml)(titled('yaml says to PyYAML what was meant, in the order given', noPyYaml), async () => {
  const text = await formatText('yaml', inputOf(everything));
  expect(python(text, 'yaml', 'list(yaml.safe_load(f).items())')).toEqual(meant);
});

it.skipIf(noRuby)(
  titled("yaml says to Ruby's libyaml what was meant, in the order given", noRuby),
  async () => {
    const text = await formatText('yaml', inputOf(everything));
    expect(rubyYaml(text, '.to_a')).toEqual(meant);
  },
);

it.skipIf(noKubectl)(titled("yaml says to Go's parser what was meant", noKubectl), async () => {
  const text = await formatText('yaml', inputOf(everything));
  const indented = text.replace(/^/gm, '  ');
  const map = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n${indented}`;
  const label = ['label', '--local', '-f', '{}', 'a=b', '-o', 'json'];
  expect(told(map, 'kubectl', ...label)).toMatchObject({ data: Object.fromEntries(everything) });
});

it.each(['1.1', '1.2'] as const)(
  'yaml is a mapping of strings to a reader of version %s',
  async (version) => {
    const text = await formatText('yaml', inputOf(everything));
    expect([...(parse(text, { version, mapAsMap: true }) as Map<string, string>)]).toEqual(meant);
  },
);

it('yaml is a line for each value, and an empty mapping where there is none', async () => {
  const values = new Map([
    ['B', 'two\nlines'],
    ['NO', 'yes'],
    ['LONG', 'many words\n'.repeat(20)],
  ]);
  expect(await formatText('yaml', inputOf(values))).toBe(
    `B: "two\\nlines"\n"NO": "yes"\nLONG: "${'many words\\n'.repeat(20)}"\n`,
  );
  expect(await formatText('yaml', inputOf(new Map()))).toBe('{}\n');
});
