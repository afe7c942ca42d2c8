import fc from 'fast-check';
import { divided, mainPurse, pursesOf } from './index';

const sum = (cents: readonly number[]): number => cents.reduce((total, each) => total + each, 0);

describe('cents of a line over its sessions', () => {
  it('each purse fills the sessions in their order until it is empty', () => {
    expect(divided({ basic: 1500, supplementary: 1000, insured: 500 }, [1000, 1000, 1000])).toEqual([
      { basic: 1000, supplementary: 0, insured: 0 },
      { basic: 500, supplementary: 500, insured: 0 },
      { basic: 0, supplementary: 500, insured: 500 },
    ]);
  });

  it('no cent is lost, whatever the split and the sessions', () => {
    const cents = fc.array(fc.nat({ max: 9000 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(cents, fc.nat(), fc.nat(), (sessions, x, y) => {
        const all = sum(sessions);
        const basic = x % (all + 1);
        const supplementary = y % (all - basic + 1);
        const split = { basic, supplementary, insured: all - basic - supplementary };
        const borne = divided(split, sessions);
        expect(borne.map((each) => each.basic + each.supplementary + each.insured)).toEqual(sessions);
        for (const purse of ['basic', 'supplementary', 'insured'] as const)
          expect(sum(borne.map((each) => each[purse]))).toBe(split[purse]);
      }),
    );
  });

  it('of a decision that nobody set by hand the purse of a session bears all of it, a refused one nothing', () => {
    const sessions = [
      { purse: 'insured', cents: 1000 },
      { purse: null, cents: 500 },
    ] as const;
    expect(pursesOf(sessions, { basic: 0, supplementary: 0, insured: 1000 }, 'within-threshold')).toEqual([
      { basic: 0, supplementary: 0, insured: 1000 },
      { basic: 0, supplementary: 0, insured: 0 },
    ]);
  });

  it('the purse that bears most of it is its main one, of equals the first', () => {
    expect(mainPurse({ basic: 500, supplementary: 500, insured: 499 })).toBe('basic');
    expect(mainPurse({ basic: 0, supplementary: 1, insured: 2 })).toBe('insured');
    expect(mainPurse({ basic: 0, supplementary: 0, insured: 0 })).toBeNull();
  });
});
