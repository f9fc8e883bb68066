import { defineGroup } from '../../cli/define.ts';

export const project = defineGroup({
  name: 'project',
  summary: 'projects of the vault: list, create, rename, delete',
  commands: {
    list: () => import('./list.ts').then((m) => m.list),
    create: () => import('./create.ts').then((m) => m.create),
    rename: () => import('./rename.ts').then((m) => m.rename),
    delete: () => import('./delete.ts').then((m) => m.remove),
  },
});
