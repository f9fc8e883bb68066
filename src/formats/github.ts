import { randomBytes } from 'node:crypto';
import type { FormatInput } from './index.ts';
import { assertNone } from './unheld.ts';

/** What the runner sets anew for every step, so that a value of ours would be gone (GitHubContext.cs of actions/runner). */
const ofRunner = new Set(
  `ACTION ACTIONS ACTION_PATH ACTION_REF ACTION_REPOSITORY ACTOR ACTOR_ID API_URL ARTIFACTS ARTIFACTS_LIST BASE_REF ENV
  EVENT_NAME EVENT_PATH GRAPHQL_URL HEAD_REF JOB OUTPUT PATH REF REF_NAME REF_PROTECTED REF_TYPE REPOSITORY
  REPOSITORY_ID REPOSITORY_OWNER REPOSITORY_OWNER_ID RETENTION_DAYS RUN_ATTEMPT RUN_ID RUN_NUMBER SERVER_URL SHA STATE
  STEP_SUMMARY TRIGGERING_ACTOR WORKFLOW WORKFLOW_REF WORKFLOW_SHA WORKSPACE`
    .split(/\s+/)
    .map((word) => `GITHUB_${word}`),
);

function isOfRunner(name: string): boolean {
  const upper = name.toUpperCase();
  return upper === 'NODE_OPTIONS' || upper.startsWith('RUNNER_') || ofRunner.has(upper);
}

/**
 * Text to append to the file that `$GITHUB_ENV` names; it begins on a line of its own. Each value stands between two
 * lines with a random word, so that no value can end itself and define another name. Throws `invalid` for names that the
 * runner sets itself or refuses.
 */
export function githubEnvText({ values }: FormatInput): string {
  const kept = [...values.keys()].filter(isOfRunner);
  assertNone(kept, '$GITHUB_ENV', 'the runner sets such a name itself, or refuses it');
  return [...values].map(([name, value]) => heredoc(name, value)).join('');
}

function heredoc(name: string, value: string): string {
  const end = `end_${randomBytes(16).toString('hex')}`;
  return `${name}<<${end}\n${value}\n${end}\n`;
}

/**
 * Commands for stdout that make the runner mask every value in the log, each ended by a newline; to be printed before
 * anything else is. Of a value of several lines each line is masked too, because the log is masked line by line.
 */
export function githubMasks(values: Iterable<string>): string {
  const masked = new Set<string>();
  for (const value of values) {
    // The runner masks nothing that is blank, and says so with a warning.
    for (const text of [value, ...value.split(/[\r\n]+/)]) if (text.trim() !== '') masked.add(text);
  }
  return [...masked].map((text) => `::add-mask::${commandData(text)}\n`).join('');
}

/** As the runner unescapes the data of a command; the per cent sign comes first, or it would be escaped twice. */
function commandData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
