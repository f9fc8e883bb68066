import { Document, Scalar } from 'yaml';
import type { FormatInput } from './index.ts';

/** One mapping. Every value is in double quotes, on one line: then it is a string to readers of YAML 1.1 and 1.2 alike. */
export function yamlText({ values }: FormatInput): string {
  return yamlOf(quotedValues(values));
}

/** Names with their values in double quotes, to be a mapping. */
export function quotedValues(values: ReadonlyMap<string, string>): Map<Scalar, Scalar> {
  return new Map([...values].map(([name, value]) => [keyOf(name), quoted(value)]));
}

export function quoted(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

/** The text of a document. */
export function yamlOf(content: ReadonlyMap<unknown, unknown>): string {
  const document = new Document(content, { aliasDuplicateObjects: false });
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity });
  return text.replace(unprintable, escaped);
}

// Truth and nothing to one reader or another: Ruby's goes by the word in any case.
const ambiguous = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

function keyOf(name: string): Scalar {
  return ambiguous.test(name) ? quoted(name) : new Scalar(name);
}

// Not printable in YAML 1.1, or a line break there (U+0085, U+2028, U+2029): readers refuse or fold them. All of them
// stand in double quotes here, where an escape means the character.
const unprintable = /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
