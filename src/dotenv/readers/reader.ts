/**
 * Models of the programs that read .env files. Each says what one program makes of the text behind `NAME=`, so that the
 * writer can look before it writes. A model is held against the program itself in test/readers.
 */
export interface Reader {
  /** What `--for` takes, like `python-dotenv`. */
  readonly name: string;
  /** As a warning names it, like `docker --env-file`. */
  readonly title: string;
  /** How many of the 32 readers that people use most (docs/dotenv.md) behave so; 0 for one outside that circle. */
  readonly weight: number;
  /** For one line that it cannot read it refuses the whole file, with an error: no other line is read wrong. */
  readonly isStrict?: boolean;
  /** The model reads whole files, as its program does: that takes ten times as long as a few expressions. */
  readonly isSlow?: boolean;
  /** What it reads where `NAME=spelling` stands on a line (or lines) of its own, and other assignments before and after. */
  read(spelling: string): string | Harm;
}

/**
 * Worse than another value. `loses`: other lines, or the whole file, are not read any more, or may not be, depending on
 * the lines around. `injects`: a name is defined that nobody wrote. `runs`: a part of the value may be run as a command.
 */
export interface Harm {
  readonly harm: 'loses' | 'injects' | 'runs';
}

export const loses: Harm = { harm: 'loses' };
export const injects: Harm = { harm: 'injects' };
export const runs: Harm = { harm: 'runs' };
