import { isUtf8 } from 'node:buffer';
import { SecretsError } from '../errors.ts';

/** How deep lists and objects may stand in each other: our own bodies need four. */
const maxDepth = 16;
/** Names that reach the prototype of what they are copied into. */
const poisonous = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads a body that is to be read in one way only. What JSON.parse lets pass is refused: bytes that are no UTF-8, a name
 * twice in one object (the last would win here, and perhaps the first in a proxy before us), names that poison a
 * prototype, and depth without end. Throws `usage`, which never quotes the body.
 */
export function parseBody(body: Buffer): unknown {
  if (!isUtf8(body)) throw malformed('the body is not valid UTF-8');
  const text = body.toString('utf8');
  const names = countNames(text);
  const parsed = parse(text);
  // Each of two like names has its colon in the text, and both have one place in the object.
  if (countKeys(parsed) !== names) throw malformed('the body names a field twice');
  return parsed;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Its words quote the body.
    throw malformed('the body is not valid JSON');
  }
}

/** Colons outside of strings. Throws for too much depth, before anything walks down there. */
function countNames(text: string): number {
  let [count, depth] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') i = endOfString(text, i);
    else if (c === ':') count++;
    else if (c === '{' || c === '[') {
      if (++depth > maxDepth) throw malformed('the body is nested too deeply');
    } else if (c === '}' || c === ']') depth--;
  }
  return count;
}

/** Where the string that starts here ends; the end of the text for one that does not. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; ; i++) {
    i = text.indexOf('"', i);
    if (i < 0) return text.length;
    let slashes = 0;
    while (text[i - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return i;
  }
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) {
    let count = 0;
    for (const item of value) count += countKeys(item);
    return count;
  }
  const keys = Object.keys(value);
  let count = keys.length;
  for (const key of keys) {
    if (poisonous.has(key)) throw malformed('the body has a field that no request has');
    count += countKeys((value as Record<string, unknown>)[key]);
  }
  return count;
}

function malformed(what: string): SecretsError {
  return new SecretsError('usage', what);
}
