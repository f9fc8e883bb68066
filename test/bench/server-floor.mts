// The floor, in a process of its own: the framework of the server with constant answers, and nothing else. It listens with
// the options of src/server/listen.ts.
import { createServer } from 'node:http';
import fastify from 'fastify';
import type { Answer } from './server-processes.mts';

process.once('message', (answers: readonly Answer[]) => void listen(answers));

async function listen(answers: readonly Answer[]): Promise<void> {
  const options = {
    headersTimeout: 10_000,
    requestTimeout: 15_000,
    keepAliveTimeout: 60_000,
    connectionsCheckingInterval: 1000,
    maxHeaderSize: 16 * 1024,
    noDelay: true,
  };
  const app = fastify({ serverFactory: (handler) => createServer(options, handler) });
  for (const { method, url, status, body } of answers) {
    const type = 'application/json; charset=utf-8';
    app.route({
      method,
      url,
      handler: (_request, reply) => {
        if (body === '') void reply.code(status).send();
        else void reply.code(status).header('content-type', type).send(body);
      },
    });
  }
  process.send!(await app.listen({ host: '127.0.0.1', port: 0 }));
}
