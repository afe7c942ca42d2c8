import type { Purse } from '#libs/trajectory';

interface Decided {
  readonly status: 'decided' | 'held' | 'invalid';
  readonly units: readonly { readonly purse: Purse | null }[];
}

/** Who pays, one letter per session: b basic, s supplementary, i insured, - nobody (too late); h a held line, x an invalid one. */
export const purses = (decisions: readonly Decided[]): string => decisions.map(letters).join('');

const letters = ({ status, units }: Decided): string =>
  status === 'decided' ? units.map(({ purse }) => purse?.[0] ?? '-').join('') : status === 'held' ? 'h' : 'x';
