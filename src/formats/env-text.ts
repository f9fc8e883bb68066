import { expandedValues, referringIn } from '../dotenv/reading/expand.ts';
import { hereIn } from '../dotenv/merging/plan.ts';
import type { Refusal } from '../dotenv/reading/read-as.ts';
import { doubtfulIn, duplicatesIn, readDotenv, type Reading, valuesOf } from '../dotenv/read.ts';
import type { Reader } from '../dotenv/readers/reader.ts';
import { SecretsError } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { EnvOptions, Imported, Remark } from './read.ts';

/** Most faults that one error tells. */
const maxTold = 10;

/**
 * The names and values of a .env file, with remarks on what is odd in it. Throws `invalid`, with names and lines, where
 * the program that it is read as would refuse it, where references cannot be resolved, and for text without an assignment.
 */
export function readEnvText(text: string, source: string, { as, expand }: EnvOptions): Imported {
  const reading = readDotenv(text, { as });
  if (as && reading.refused.length > 0) throw refusal(source, as, reading.refused);
  if (reading.assignments.length === 0 && reading.unknownLines.length > 0) throw notEnv(source);
  const values = expand ? expandedValues(text, reading, source) : valuesOf(reading);
  const kept = as || expand ? [] : keptReferences(text, reading, source);
  const doubts = as ? [] : doubtful(text, reading, source);
  return {
    values: new Map([...values].map(([name, value]) => [name, new Secret(value)])),
    remarks: [...unknown(reading, source), ...duplicates(reading, source), ...doubts, ...kept],
    here: hereIn(text, reading),
  };
}

function unknown({ unknownLines }: Reading, source: string): Remark[] {
  return unknownLines.map((line) => ({ text: `${source}:${line}: not understood, passed over`, names: [] }));
}

function duplicates(reading: Reading, source: string): Remark[] {
  return duplicatesIn(reading).map(({ name, lines }) => ({
    text: `${source}: "${name}" is there ${lines.length} times (lines ${lines.join(', ')}); the last counts`,
    names: [name],
  }));
}

function doubtful(text: string, reading: Reading, source: string): Remark[] {
  return doubtfulIn(text, reading).map(({ name, line }) => ({
    text: `${source}:${line}: "${name}" has \\\\ in double quotes, which is taken for two backslashes, as dotenv does`,
    names: [name],
    hint: `for one, as many other programs read it: secrets import ${source} --from compose`,
  }));
}

function keptReferences(text: string, reading: Reading, source: string): Remark[] {
  const names = [...new Set(referringIn(text, reading).map(({ name }) => name))];
  if (names.length === 0) return [];
  const all = names.map((name) => `"${name}"`).join(', ');
  const hint = `to have them resolved: secrets import ${source} --expand`;
  return [{ text: `${source}: references to other names are kept as text in ${all}`, names, hint }];
}

function notEnv(source: string): SecretsError {
  return new SecretsError('invalid', `${source} is no .env file: no line of it is NAME=value`, {
    hint: 'to read another format: --format json, yaml or toml',
  });
}

function refusal(source: string, { title }: Reader, refused: readonly Refusal[]): SecretsError {
  const told = refused.slice(0, maxTold).map((one) => {
    const named = one.name === undefined ? '' : `"${one.name}" `;
    return `${source}:${one.line}: ${named}${reason(one)}`;
  });
  const more = refused.length > told.length ? `; and ${refused.length - told.length} more` : '';
  return new SecretsError('invalid', `${title} would not read it: ${told.join('; ')}${more}`, {
    hint: 'mend these lines, or leave --from out',
  });
}

function reason({ why }: Refusal): string {
  if (why === 'runs') return 'would be run as a command, in part';
  if (why === 'injects') return 'would define other names';
  if (why === 'spaced name') return 'white space before the =';
  if (why === 'no name') return 'no name before the =';
  if (why === 'loses') return 'would cost it this line and others';
  return `refers to ${why.refersTo.map((name) => `"${name}"`).join(', ')}, which it would put in`;
}
