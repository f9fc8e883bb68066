import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

const file = 'docs/benchmarks.md';

/** Puts what was measured into its section of docs/benchmarks.md; all else there stays as it is. */
export function writeMeasured(section: string, how: string, text: string): void {
  const [start, end] = [`<!-- measured: ${section} -->`, `<!-- end: ${section} -->`];
  const page = readFileSync(file, 'utf8');
  const [head, rest] = page.split(start);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`${file} has no section ${section}`);
  const when = new Date().toISOString().slice(0, 10);
  writeFileSync(
    file,
    `${head}${start}\n\nMeasured ${when} on ${machine()}, ${how}.\n\n${text.trim()}\n\n${end}${tail}`,
  );
}

function machine(): string {
  return `${cpus()[0]?.model.trim()}, ${cpus().length} CPUs, ${process.platform}, Node ${process.versions.node}`;
}
