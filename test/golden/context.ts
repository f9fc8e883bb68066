import { Printer } from '../../src/cli/output.ts';
import type { Streams } from '../../src/cli/streams.ts';
import type { Context } from '../../src/context.ts';

/** A context that can print, and nothing else: enough for help. Returns what was printed to stdout. */
export function printing(): { ctx: Context; printed: () => string } {
  let out = '';
  const sink = (write: (text: string) => void) => ({
    isTerminal: false,
    write: (text: string | Uint8Array) => write(String(text)),
  });
  const streams: Streams = {
    in: { isTerminal: false, readAll: () => Buffer.alloc(0) },
    out: sink((text) => (out += text)),
    err: sink(() => {}),
    drawing: () => process.stderr,
  };
  const ctx = {
    streams,
    print: new Printer(streams, {}),
    version: '0.0.0',
    env: {},
    calling: {},
  } as unknown as Context;
  return { ctx, printed: () => out };
}
