import type { Registry } from '../cli/define.ts';
import { get } from './get.ts';
import { run } from './run.ts';

/**
 * All commands, in the order of help. File name = command name; each is loaded when it is named,
 * but for the two that scripts call most: a file of their own would cost them half a millisecond.
 */
export const commands: Registry = {
  init: () => import('./init.ts').then((m) => m.init),
  set: () => import('./set.ts').then((m) => m.set),
  get: async () => get,
  list: () => import('./list.ts').then((m) => m.list),
  run: async () => run,
  pull: () => import('./pull.ts').then((m) => m.pull),
  rotate: () => import('./rotate.ts').then((m) => m.rotate),
  delete: () => import('./delete.ts').then((m) => m.remove),
  import: () => import('./import.ts').then((m) => m.importFile),
  history: () => import('./history.ts').then((m) => m.history),
  status: () => import('./status.ts').then((m) => m.status),
  env: () => import('./env/index.ts').then((m) => m.env),
  project: () => import('./project/index.ts').then((m) => m.project),
  key: () => import('./key/index.ts').then((m) => m.key),
  doctor: () => import('./doctor.ts').then((m) => m.doctor),
  completion: () => import('./completion.ts').then((m) => m.completion),
  complete: () => import('./complete.ts').then((m) => m.complete),
};
