import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // Tests read what they expect out of it.
  readonly body: any;
}

/** Requests as they are given, over connections that are kept: no path is tidied, nothing is sent twice. */
export class Http {
  readonly token: string | undefined;
  readonly #url: URL;
  readonly #agent: Agent;

  constructor(url: string, token?: string, ca?: string) {
    this.#url = new URL(url);
    this.token = token;
    this.#agent = ca === undefined ? new Agent({ keepAlive: true }) : new TlsAgent({ keepAlive: true, ca });
  }

  /** Sends text and bytes as they are, anything else as JSON. Rejects where the connection breaks. */
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string | string[]> = {},
  ): Promise<Answer> {
    const raw = typeof body === 'string' || Buffer.isBuffer(body);
    const payload = raw || body === undefined ? body : JSON.stringify(body);
    const send = this.#url.protocol === 'https:' ? tlsRequest : request;
    return new Promise((done, failed) => {
      const sent = send(
        {
          host: this.#url.hostname,
          port: this.#url.port,
          method,
          path,
          agent: this.#agent,
          headers: {
            ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
            ...(payload !== undefined && {
              'content-type': 'application/json',
              'content-length': String(Buffer.byteLength(payload)),
            }),
            ...headers,
          },
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (part: string) => (text += part));
          answer.on('error', failed);
          answer.on('end', () => {
            const { statusCode: status = 0, headers: told } = answer;
            const json = told['content-type']?.includes('json');
            done({ status, headers: told, text, body: json ? (JSON.parse(text) as unknown) : undefined });
          });
        },
      );
      sent.on('error', failed);
      sent.end(payload);
    });
  }

  /** A connection of its own, for bytes that no client would send. */
  async socket(): Promise<Socket> {
    const socket = connect(Number(this.#url.port), this.#url.hostname);
    await once(socket, 'connect');
    return socket;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** How many requests its server is answering, this one among them. */
export async function inFlight(http: Http): Promise<number> {
  const { text } = await http.ask('GET', '/v1/metrics');
  return Number(/secrets_http_requests_in_flight (\d+)/.exec(text)?.[1]);
}

/** The statuses of answers, lowest first. */
export function statusesOf(answers: readonly Answer[]): number[] {
  return answers.map(({ status }) => status).toSorted((a, b) => a - b);
}

/** The lines that a request starts with, for a socket. */
export function head(method: string, path: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries({ host: 'localhost', ...headers }).map(
    ([name, text]) => `${name}: ${text}\r\n`,
  );
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** Everything that comes until the other side ends. */
export async function untilEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (part) => (text += part.toString('latin1')));
  socket.on('error', () => {});
  await new Promise((done) => socket.once('close', done));
  return text;
}
