import { defineCommand, flag, serverOptions, value } from '../../cli/define.ts';
import { Printer } from '../../cli/output.ts';
import type { Context } from '../../context.ts';
import { SecretsError } from '../../errors.ts';
import { readText } from '../../files/read.ts';
import { LogPipe, onNodeWarning } from '../../process/log-pipe.ts';
import { onHangup, untilToldToEnd } from '../../process/signals.ts';
import type { Certificate, Listening } from '../../serving.ts';

export const serve = defineCommand({
  name: 'serve',
  summary: 'run the server of a team: one vault, for everyone',
  description:
    'It runs in the foreground and logs JSON lines to stderr. The first start makes the vault and prints an enrolment ' +
    'code for the first admin. SIGTERM and Ctrl-C end it: what runs is finished, within ten seconds. SIGHUP reads the ' +
    'certificate again.',
  args: {},
  options: {
    listen: value(
      '--listen <host:port>',
      'where to listen (default 127.0.0.1:7700; port 0: any that is free)',
    ),
    tlsCert: value('--tls-cert <file>', 'certificate, with its chain, in PEM', 'file'),
    tlsKey: value('--tls-key <file>', 'its key, in PEM', 'file'),
    behindProxy: flag('--behind-proxy', 'a proxy before it does TLS and tells addresses in X-Forwarded-For'),
    publicUrl: value('--public-url <url>', 'what clients call it by, for the hints that it prints'),
    ...serverOptions,
  },
  examples: [
    [
      'On this machine, with a new master key',
      '(umask 077; secrets key generate > master.key) && secrets serve --master-key file:master.key',
    ],
    [
      'For a team',
      'secrets serve --listen 0.0.0.0:7700 --tls-cert cert.pem --tls-key key.pem --master-key file:/etc/secrets/master.key',
    ],
  ],
  async run(ctx, { listen: wanted, tlsCert, tlsKey, behindProxy, publicUrl, ...options }) {
    const { isLoopback, listen, serverApp, ServerVault } = await import('../../serving.ts');
    const { host, port } = addressOf(wanted ?? '127.0.0.1:7700');
    const certificate = readingCertificate(tlsCert, tlsKey);
    if (!certificate && !behindProxy && !isLoopback(host)) throw unencrypted(host);
    // Before a vault is made: a wrong command line leaves nothing behind.
    const tls = certificate?.();
    const vault = await new ServerVault({ ...ctx, ...options, paths: ctx.paths() }).openOrCreate();
    await vault.ready();
    // From here on, all that it says: a log that cannot be written must not stop a server.
    const log = new LogPipe();
    onNodeWarning((text) => log.write(text));
    const print = printerTo(log, ctx);
    const app = await serverApp(vault, { version: ctx.version, log, behindProxy, tls: tls !== undefined });
    const server = await listen(app, { host, port, ...(tls ? { tls } : {}) });
    const first = await vault.firstCode();
    if (first) welcome(print, first, publicUrl ?? server.url);
    onHangup(() => reload(print, server, certificate));
    print.aside(`listening on ${server.url}`);
    await untilToldToEnd();
    await server.drain();
    await inTime(vault.close());
    await log.flush(flushing);
  },
});

/** Milliseconds for the database to say goodbye: a server that was told to end does end. */
const closing = 1500;
/** Milliseconds for the end of the log to be read. */
const flushing = 400;

/** `HOST:PORT`, `[::1]:PORT`. Throws `usage`. */
function addressOf(text: string): { host: string; port: number } {
  const [, six, four, digits] = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = six ?? four;
  if (host !== undefined && Number(digits) < 65_536) return { host, port: Number(digits) };
  throw new SecretsError('usage', `"${text}" is not an address to listen on`, {
    hint: 'write --listen 127.0.0.1:7700, or [::1]:7700',
  });
}

/** Reads both files, now and whenever they are to be read again; undefined without TLS. Throws `usage` for one alone. */
function readingCertificate(
  cert: string | undefined,
  key: string | undefined,
): (() => Certificate) | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined)
    throw new SecretsError('usage', '--tls-cert and --tls-key go together');
  return () => ({ cert: readText(cert, 'certificate'), key: readText(key, 'key') });
}

function unencrypted(host: string): SecretsError {
  return new SecretsError('usage', `"${host}" can be reached from elsewhere, so it needs TLS`, {
    hint: [
      'bring a certificate: --tls-cert FILE --tls-key FILE',
      'or let a proxy do it that alone reaches this port: --behind-proxy',
    ],
  });
}

/** What a command prints to stderr, by way of the log. */
function printerTo(log: LogPipe, { streams, env, print }: Context): Printer {
  const { isTerminal } = streams.err;
  const printer = new Printer({ ...streams, err: { isTerminal, write: (text) => log.write(text) } }, env);
  printer.color = print.color;
  return printer;
}

function welcome(
  print: Printer,
  first: { code: { reveal(): string }; expiresAt: string },
  url: string,
): void {
  print.aside(
    [
      'this vault has no member yet. Its first admin logs in, before ' + first.expiresAt + ', with',
      `  secrets login ${url}`,
      `and the code ${first.code.reveal()}: one use; another start of the server prints a new one`,
    ].join('\n'),
  );
}

/** A certificate that does not work must not take the server down: the one that it has goes on. */
function reload(print: Printer, server: Listening, certificate: (() => Certificate) | undefined): void {
  if (!certificate) return;
  try {
    server.reload(certificate());
    print.aside('took the certificate anew');
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    void print.warn(`the certificate was not changed: ${error.message}`, error.hints);
  }
}

async function inTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((done) => (timer = setTimeout(done, closing)));
  await Promise.race([work, late]);
  clearTimeout(timer);
}
