import { rememberRead } from '../actions/last-seen.ts';
import { Faults } from '../actions/pull/faults.ts';
import { find, isOvertaken } from '../actions/pull/found.ts';
import { guard, ignoreAll } from '../actions/pull/ignored.ts';
import { locateAll } from '../actions/pull/locate.ts';
import { assertNotAlone, assertTogether } from '../actions/pull/options.ts';
import { printSecrets } from '../actions/pull/print.ts';
import { pullTargets } from '../actions/pull/targets.ts';
import { tellChanges } from '../actions/pull/tell-changes.ts';
import { tellRemarks, tellWritten } from '../actions/pull/tell-written.ts';
import { carryOut, type Done, planAll, withPullLock } from '../actions/pull/write.ts';
import { defineCommand, flag, jsonOption, optional, scopeOptions, value, values } from '../cli/define.ts';
import { readers } from '../dotenv/readers/index.ts';
import { outputFormats } from '../formats/index.ts';

export const pull = defineCommand({
  name: 'pull',
  summary: 'write the secrets to .env files, or to files of another format',
  description:
    'The file is .env for the default environment and .env.<environment> for others, or the one named, or all that ' +
    'the link file names under "targets": these are written all or none. - prints to stdout. A file is 0600, replaced ' +
    'in one step, and git must ignore it.\n\n' +
    'A .env file is merged: comments, order and names that are not in the vault stay as they are. What was changed in ' +
    'the vault alone is updated; what was changed here alone is kept, and told; where both changed, the pull stops, ' +
    'names it, and writes nothing. With --only or --except, all other names in it are left alone. Other formats are written whole, and a file that the last pull did not leave so is ' +
    'replaced only with --overwrite, and let stand with --ours.\n\n' +
    'Values are written so that the programs that read the file see what was meant, and so that no shell that sources ' +
    'it runs any of it. Which programs those are is told by --for or the link file, or else by the repository.',
  args: { file: optional('file or folder to write; - is stdout', 'file') },
  options: {
    for: values('--for <program>', 'who reads the file: node, vite, compose, docker, shell, …; or a format', [
      ...readers.map(({ name }) => name),
      ...outputFormats.filter((format) => format !== 'dotenv'),
    ]),
    format: value(
      '--format <format>',
      `${outputFormats.join(', ')} (default: by the name of the file)`,
      outputFormats,
    ),
    only: values('--only <names>', 'just these names or patterns, with commas', 'secret'),
    except: values('--except <names>', 'not these names or patterns, with commas', 'secret'),
    strict: flag('--strict', 'write nothing if a program would see another value (status 6)'),
    theirs: flag('--theirs', 'where both sides changed, take what the vault has'),
    ours: flag('--ours', 'where both sides changed, keep what is here'),
    reset: flag('--reset', 'take what the vault has where the file differs; your own lines stay'),
    overwrite: flag('--overwrite', 'write a fresh file, with nothing in it but the secrets'),
    diff: flag('--diff', 'show names and kinds of change, and write nothing'),
    check: flag('--check', 'the same, with status 6 if there is a change'),
    backup: flag('--backup', 'keep what the file held as FILE.bak, FILE.bak.1, …'),
    gitignore: flag('--no-gitignore', 'do not add the file to .gitignore; refuse when it is not ignored'),
    ...scopeOptions,
    json: jsonOption,
  },
  examples: [
    ['Write .env', 'secrets pull'],
    ['Write another environment to another file', 'secrets pull --env staging apps/web/.env.local'],
    ['Fail in CI where the file is not what the vault has', 'secrets pull --check'],
    ['Write what docker --env-file can read', 'secrets pull docker.env --for docker'],
    ['Hand the secrets to the next steps of a GitHub job', 'secrets pull --for github-env'],
  ],
  async run(ctx, { file, project, env, ...options }) {
    assertTogether(options);
    const scope = ctx.scope({ project, env });
    const targets = pullTargets(scope, ctx.cwd, { ...options, file });
    assertNotAlone(options, targets);
    if (file === '-') return printSecrets(ctx, scope, targets[0]!, options);
    if (targets[0]!.format === 'github-env') {
      const { giveToGithub } = await import('../actions/pull/github.ts');
      return giveToGithub(ctx, scope, targets[0]!, options);
    }
    const isLook = options.diff || options.check;
    const faults = new Faults();
    const located = locateAll(ctx, scope, targets, faults, { isLook });
    const places = isLook ? [] : guard(ctx, located, options, faults);
    const open = isLook ? located : places;
    if (open.length === 0) faults.throwAny();
    let found = await find(ctx, open, scope, options, faults);
    if (isLook) {
      const planned = planAll(found.ready, faults, { isLook });
      return tellChanges(ctx, planned, found.source, options, faults);
    }
    const write = (): readonly Done[] | undefined =>
      withPullLock(ctx, () => {
        if (!faults.any && isOvertaken(found)) return undefined;
        const planned = planAll(found.ready, faults, { isLook });
        if (faults.any) return planned.map((one) => ({ ...one, backups: [] }));
        ignoreAll(ctx, places);
        return carryOut(ctx, planned, found.source, options.backup);
      });
    let done = write();
    while (!done) {
      found = await find(ctx, open, scope, options, faults);
      done = write();
    }
    await tellRemarks(ctx, done);
    faults.throwAny();
    if (found.all) rememberRead(ctx, scope, found.all);
    await tellWritten(ctx, done, found.source, options);
  },
});
