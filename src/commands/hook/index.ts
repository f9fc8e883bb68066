import { defineGroup } from '../../cli/define.ts';

export const hook = defineGroup({
  name: 'hook',
  summary: 'hooks of git that tell what changed since the last pull: install, remove',
  commands: {
    install: () => import('./install.ts').then((m) => m.install),
    remove: () => import('./remove.ts').then((m) => m.remove),
    run: () => import('./run.ts').then((m) => m.run),
  },
});
