import { describe, expect, it } from 'vitest';
import { databases } from './harness/databases.ts';
import { randomNumbers, seed } from './harness/kill.ts';
import { titled } from './harness/needs.ts';
import { teamServer } from './harness/server.ts';
import { Writers } from './harness/writers.ts';

const writers = 8;
const times = { SQLite: 50, PostgreSQL: 10 };
/** So many writes, at most, are acknowledged between two deaths. */
const most = 40;

describe.each(databases)('kill -9 of a server on $kind under write load', ({ kind, missing, make }) => {
  it.skipIf(missing)(
    titled(`${times[kind]} times: what was acknowledged is there, once (seed ${seed})`, missing),
    async () => {
      const server = await teamServer({ database: await make() });
      const admin = await server.admin();
      await admin.ask('POST', '/v1/projects', { name: 'web' });
      const random = randomNumbers(seed);
      let up = Promise.resolve();
      const clients = Array.from({ length: writers }, () => server.http(admin.token));
      const load = new Writers(clients, () => up);
      const running = load.run();
      for (let i = 0; i < times[kind]; i++) {
        await load.more(1 + Math.floor(random() * most));
        up = server.kill().then(() => server.start());
        await up;
      }
      await load.more(writers);
      load.stop();
      await running;
      expect(load.broken, 'each death is in the middle of writes').toBeGreaterThanOrEqual(times[kind]);
      await load.expectAllThere(admin);
      const verdict = await admin.ask('GET', '/v1/audit/verify');
      expect(verdict.body, `seed ${seed}`).toMatchObject({ whole: true });
    },
    300_000,
  );
});
