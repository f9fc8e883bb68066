import { defineGroup } from '../../cli/define.ts';

export const grant = defineGroup({
  name: 'grant',
  summary: 'who may read and write what: list, add, remove',
  commands: {
    list: () => import('./list.ts').then((m) => m.list),
    add: () => import('./add.ts').then((m) => m.add),
    remove: () => import('./remove.ts').then((m) => m.remove),
  },
});
