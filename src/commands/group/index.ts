import { defineGroup } from '../../cli/define.ts';

export const group = defineGroup({
  name: 'group',
  summary: 'groups of members, for grants: list, add, remove',
  commands: {
    list: () => import('./list.ts').then((m) => m.list),
    add: () => import('./add.ts').then((m) => m.add),
    remove: () => import('./remove.ts').then((m) => m.remove),
  },
});
