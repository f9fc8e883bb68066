import { type Block, findBlock, hasNote } from './heading.ts';
import type { Fingerprint } from '../last-pull.ts';
import { type Line, lineWith, newLine } from '../writing/line.ts';
import type { Decision } from './plan.ts';
import type { Assignment } from '../read.ts';
import { type Edit, inOrder, lineEndOf, splice } from './splice.ts';

/** Where a line of ours begins in the file as it stands, and what is put in or taken away there. */
export interface Write {
  readonly at: number;
  readonly text: string;
  /** Only taken away: there is nothing that could be swallowed. */
  readonly isGone?: boolean;
}

export interface Written {
  readonly text: string;
  /** Of values and lines that are there already. */
  readonly inPlace: readonly Edit[];
  readonly writes: readonly Write[];
  /** Those that are written, where they are to be more than the writer takes them for. */
  readonly lines: readonly Line[];
}

export interface Writing {
  readonly existing: string;
  readonly assignments: readonly Assignment[];
  readonly decisions: readonly Decision[];
  readonly heading: string;
  readonly fingerprint: Fingerprint;
}

/** Carries decisions out. What is the same, kept or in conflict costs no byte, and a file that needs no other is itself. */
export function write({ existing, assignments, decisions, heading, fingerprint }: Writing): Written {
  const added = decisions.filter(({ outcome }) => outcome === 'added');
  const changed = inOrderOfFile(decisions.filter(({ outcome }) => isRewritten(outcome)));
  const values = changed.map((one) => valueEdit(one, existing, fingerprint));
  const edits = [...values, ...decisions.flatMap((one) => (one.outcome === 'removed' ? removals(one) : []))];
  if (added.length === 0 && edits.length === 0) return { text: existing, inPlace: [], writes: [], lines: [] };
  const inPlace = inOrder(edits);
  const block = findBlock(existing, assignments);
  // A CR of ours before an LF of the user's would become one line end of the two.
  const lineEnd = block && existing[block.end] === '\n' ? '\n' : lineEndOf(existing);
  const lines = added.map(({ name, there }) => `${name}=${there!.spelling}${lineEnd}`).join('');
  const inBlock = block ? blockEdits(block, existing, heading, lines) : [];
  const text = splice(existing, [...inPlace, ...inBlock]);
  const end = block?.end ?? existing.length;
  const isHeaded = !block && (lines !== '' || hasNote(heading));
  return {
    text: isHeaded ? text + gapBehind(text, lineEnd) + heading + lineEnd + lines : text,
    inPlace,
    writes: [
      ...changed.map(({ here, there }) => ({ at: here!.assignment.start, text: there!.spelling })),
      ...added.map(({ there }) => ({ at: end, text: there!.spelling })),
      ...inPlace.map(({ from, to }) => ({ at: from, text: existing.slice(from, to).trim(), isGone: true })),
    ],
    lines: [
      ...changed.flatMap(({ here, there }, i) => {
        return lineWith(existing, here!.assignment, values[i]!, there!.spelling) ?? [];
      }),
      ...added.flatMap(({ name, there }) =>
        lineEnd === '\n' ? [] : newLine(name, there!.spelling, lineEnd),
      ),
    ],
  };
}

function inOrderOfFile(decisions: readonly Decision[]): Decision[] {
  return decisions.toSorted((a, b) => a.here!.assignment.start - b.here!.assignment.start);
}

/** All assignments of the name: with the last gone, an earlier one would count. */
function removals({ here }: Decision): Edit[] {
  return [...here!.earlier, here!.assignment].map(({ start, end }) => ({ from: start, to: end, text: '' }));
}

/** The value alone is replaced: what stands before it and a comment behind it are the user's. */
function valueEdit({ name, here, there, before }: Decision, text: string, fingerprint: Fingerprint): Edit {
  const { start, valueStart, valueEnd } = here!.assignment;
  const { spelling } = there!;
  const isBehindSign = text[valueStart - 1] === '=';
  // A blank behind the sign would make a shell run the value as a command.
  const blanks = isBehindSign ? undefined : /[^\s]=(\s+)$/.exec(text.slice(start, valueStart))?.[1];
  const from = valueStart - (blanks?.length ?? 0);
  const [value, line] = here!.texts;
  if (line === undefined) return { from, to: valueEnd, text: spelling };
  // A spelling may hold what our reader takes for a comment.
  const isAllOurs = before?.written === fingerprint(name, line);
  const to = isAllOurs ? valueStart + line.length : valueEnd;
  const behind = isAllOurs ? '' : line.slice(value!.length);
  return { from, to, text: besideComment(spelling, behind) };
}

/** A spelling that ends in a comment needs no second one, and any other is kept apart from one. */
function besideComment(spelling: string, behind: string): string {
  if (spelling.endsWith(' #') && /^\s+#/.test(behind)) return spelling.slice(0, -2);
  return behind.startsWith('#') ? `${spelling} ` : spelling;
}

function isRewritten(outcome: Decision['outcome']): boolean {
  return outcome === 'updated' || outcome === 'respelled';
}

function blockEdits({ from, to, end }: Block, text: string, heading: string, lines: string): Edit[] {
  const edits: Edit[] = [];
  if (text.slice(from, to) !== heading) edits.push({ from, to, text: heading });
  if (lines !== '') edits.push({ from: end, to: end, text: lines, isLine: true });
  return edits;
}

/** What parts the heading from the text before it: a blank line, unless there is one or there is no text. */
function gapBehind(text: string, lineEnd: string): string {
  if (text === '' || text === '\uFEFF') return '';
  const tail = text.slice(-4);
  if (!/[\r\n]$/.test(tail)) return lineEnd + lineEnd;
  return /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?!\n))$/.test(tail) ? '' : lineEnd;
}
