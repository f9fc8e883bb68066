import type { Db, Store } from '../../../src/store/schema.ts';

/** A store that tells every statement of plain SQL, and every query that is built, before it runs. */
export function watched(store: Store, tell: (statement: string) => void | Promise<void>): Store {
  const watch = (db: Db): Db => ({
    sql: async (statement, ...parameters) => {
      await tell(statement);
      return db.sql(statement, ...parameters);
    },
    build: async () => {
      await tell('built');
      return db.build();
    },
  });
  return {
    read: (work) => store.read((db) => work(watch(db))),
    transaction: (work) => store.transaction((tx) => work(watch(tx))),
    tables: () => store.tables(),
    scrub: () => store.scrub(),
    faults: () => store.faults(),
    close: () => store.close(),
  };
}
