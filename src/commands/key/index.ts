import { defineGroup } from '../../cli/define.ts';

export const key = defineGroup({
  name: 'key',
  summary: 'the master key of the vault on this machine: export, import, generate',
  commands: {
    export: () => import('./export.ts').then((m) => m.exportKey),
    import: () => import('./import.ts').then((m) => m.importKey),
    generate: () => import('./generate.ts').then((m) => m.generate),
  },
});
