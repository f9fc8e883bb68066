import { describe, expect, it } from 'vitest';
import {
  namesToRead,
  selectedInVain,
  selects,
  typedSelection,
} from '../../../../src/actions/pull/selection.ts';

const all = { only: [], except: [] };

describe('a selection', () => {
  it.each([
    [all, 'ANY', true],
    [{ only: ['A'], except: [] }, 'A', true],
    [{ only: ['A'], except: [] }, 'AB', false],
    [{ only: ['WEB_*', 'B'], except: [] }, 'WEB_URL', true],
    [{ only: ['WEB_*', 'B'], except: [] }, 'API_URL', false],
    [{ only: [], except: ['WEB_*'] }, 'WEB_URL', false],
    [{ only: [], except: ['WEB_*'] }, 'API_URL', true],
    [{ only: ['WEB_*'], except: ['WEB_URL'] }, 'WEB_URL', false],
    [{ only: ['*'], except: ['*'] }, 'A', false],
  ])('%j of %s: %s', (selection, name, expected) => {
    expect(selects(selection, name)).toBe(expected);
  });

  it('is typed with commas, blanks and repeated options', () => {
    expect(typedSelection(['A, B', 'WEB_*'], ['C'])).toEqual({ only: ['A', 'B', 'WEB_*'], except: ['C'] });
  });

  it.each(['A-B', '', 'A,,B', 'a b', 'A,', '$(id)'])('cannot be %j', (word) => {
    expect(() => typedSelection([word], [])).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('names to read', () => {
  it.each([
    [[all], undefined],
    [[{ only: ['A'], except: [] }, all], undefined],
    [[{ only: ['A', 'WEB_*'], except: [] }], undefined],
    [
      [
        { only: ['A', 'B'], except: [] },
        { only: ['B', 'C'], except: [] },
      ],
      ['A', 'B', 'C'],
    ],
    [[{ only: ['A', 'B'], except: ['B*'] }], ['A']],
    [[{ only: ['A'], except: ['A'] }], undefined],
  ])('of %j: %j', (selections, names) => {
    expect(namesToRead(selections)).toEqual(names);
  });
});

describe('selected in vain', () => {
  it.each([
    [all, []],
    [{ only: ['A', 'GONE', 'WEB_*', 'API_*'], except: [] }, ['GONE', 'API_*']],
    [{ only: ['A', 'GONE'], except: ['GONE'] }, []],
  ])('of %j: %j', (selection, inVain) => {
    expect(selectedInVain(selection, ['A', 'WEB_URL'])).toEqual(inVain);
  });
});
