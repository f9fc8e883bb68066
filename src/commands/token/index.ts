import { defineGroup } from '../../cli/define.ts';

export const token = defineGroup({
  name: 'token',
  summary: 'tokens of people and machines: list, create, revoke',
  commands: {
    list: () => import('./list.ts').then((m) => m.list),
    create: () => import('./create.ts').then((m) => m.create),
    revoke: () => import('./revoke.ts').then((m) => m.revoke),
  },
});
