import { defineGroup } from '../../cli/define.ts';

export const env = defineGroup({
  name: 'env',
  summary: 'environments of a project: list, create, rename, delete, copy, diff',
  commands: {
    list: () => import('./list.ts').then((m) => m.list),
    create: () => import('./create.ts').then((m) => m.create),
    rename: () => import('./rename.ts').then((m) => m.rename),
    delete: () => import('./delete.ts').then((m) => m.remove),
    copy: () => import('./copy.ts').then((m) => m.copy),
    diff: () => import('./diff.ts').then((m) => m.diff),
  },
});
