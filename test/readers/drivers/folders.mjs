import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { texts } from './texts.mjs';

/**
 * Programs of which each text needs one of its own: the texts stand in numbered folders, and a script for the shell goes
 * through them. Arguments: how the answer is written, then the shell, the script and its arguments.
 */
const [answer, shell, ...script] = process.argv.slice(2);
const decode = { nul: fromNul, json: JSON.parse, assignments: fromAssignments }[answer];

const all = await texts();
// An empty file shows what is defined without it.
const files = ['', ...all];
for (const [i, text] of files.entries()) {
  mkdirSync(`${i}`);
  writeFileSync(`${i}/.env`, text);
}
await promisify(execFile)(shell, script, { maxBuffer: 1 << 30 });
const without = varsOf(0);
process.stdout.write(JSON.stringify(all.map((_, i) => outcomeOf(i + 1))));

function outcomeOf(i) {
  const told = readFileSync(`${i}.err`, 'utf8');
  // A command that is not there was run all the same; so was one that left a file, or asked for one.
  const left = readdirSync(`${i}`).filter((name) => name !== '.env' && name !== 'environment.d');
  const ran =
    left.length > 0 || /command not found|: not found|denied|no such file|is a directory/i.test(told);
  const vars = varsOf(i);
  if (vars === undefined) return { error: told, ran };
  return { vars: Object.fromEntries(Object.entries(vars).filter(([name]) => !(name in without))), ran };
}

/** Undefined where the program ended before it could tell. */
function varsOf(i) {
  const out = existsSync(`${i}.out`) ? readFileSync(`${i}.out`) : '';
  return out.length > 0 ? decode(out) : undefined;
}

function fromNul(out) {
  return Object.fromEntries(out.toString().split('\0').filter(Boolean).map(atSign));
}

/** NAME=value, or NAME="value" with the escapes of C. */
function fromAssignments(out) {
  const lines = out.toString('latin1').split('\n').filter(Boolean).map(atSign);
  return Object.fromEntries(lines.map(([name, value]) => [name, unquoted(value)]));
}

function unquoted(value) {
  const text = value.startsWith('"') ? value.slice(1, -1).replace(/\\([0-7]{3}|.)/g, unescaped) : value;
  return Buffer.from(text, 'latin1').toString();
}

function unescaped(_, code) {
  if (code.length === 3) return String.fromCharCode(Number.parseInt(code, 8));
  return { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }[code] ?? code;
}

function atSign(line) {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}
