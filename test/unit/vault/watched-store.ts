import type { Db, Store, Tx } from '../../../src/store/schema.ts';

/** A store that tells every statement of plain SQL, every query that is built and every look at `meta`, before it runs. */
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
    meta: async () => {
      await tell('meta');
      return db.meta();
    },
  });
  const watchTx = (tx: Tx): Tx => ({
    ...watch(tx),
    setMeta: (key, value) => tx.setMeta(key, value),
    append: (event) => tx.append(event),
    onUndone: (forget) => tx.onUndone(forget),
    get appended() {
      return tx.appended;
    },
  });
  return {
    types: store.types,
    read: (work) => store.read((db) => work(watch(db))),
    transaction: (work) => store.transaction((tx) => work(watchTx(tx))),
    snapshot: (work) => store.snapshot((db) => work(watch(db))),
    tables: () => store.tables(),
    scrub: () => store.scrub(),
    faults: () => store.faults(),
    close: () => store.close(),
  };
}
