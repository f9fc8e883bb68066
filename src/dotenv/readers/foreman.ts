import { amongOthers, type Vars } from './among.ts';
import type { Reader } from './reader.ts';

/** foreman 0.87 and 0.90: env.rb, line by line. */
export const foreman: Reader = {
  name: 'foreman',
  title: 'foreman',
  weight: 1,
  isSlow: true,
  read: (spelling) => amongOthers(spelling, readFile),
};

function readFile(text: string): Vars {
  const vars = new Map<string, string>();
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
    const [, name, value] = /^([A-Za-z_0-9]+)=([^]*)$/.exec(line) ?? [];
    if (name !== undefined) vars.set(name, readValue(value!));
  }
  return vars;
}

function readValue(value: string): string {
  const [, quote, inside] = /^(['"])([^]*)\1$/.exec(value) ?? [];
  if (quote === "'") return inside!;
  return quote === '"' ? inside!.replaceAll(String.raw`\n`, '\n').replace(/\\([^\n])/g, '$1') : value;
}
