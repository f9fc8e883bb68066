/** What a letter behind a backslash stands for in C, and in those who follow it. */
export const controlLetters: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
