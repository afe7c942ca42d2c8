/** members.csv: a row per statement, rows of a person together. */
import { stringify } from 'csv-stringify/sync';
import { MEMBER_COLUMNS } from '#libs/dossiers';
import type { SamplePerson } from './person';

type Row = Partial<Record<(typeof MEMBER_COLUMNS)[number], string>>;

/** The rows of one person, the identity first. */
export function memberRows(person: SamplePerson): readonly Row[] {
  const { identity, insurance, packages, switches, diedOn } = person;
  const { bsn } = identity;
  const own = insurance[insurance.length - 1];
  return [
    {
      kind: 'member',
      bsn,
      birth_date: identity.birthDate,
      name: [identity.initials.split('').join('.') + '.', identity.namePrefix, identity.name].filter(Boolean).join(' '),
      relation_number: identity.relationNumber,
      insurer: own?.insurer ?? '',
    },
    ...insurance.map((period): Row => ({ kind: 'insurance', bsn, ...period })),
    ...packages.map((period): Row => ({ kind: 'package', bsn, ...period })),
    ...switches.map(({ from, dcsph, previousInsurer }): Row => ({
      kind: 'switch',
      bsn,
      from,
      dcsph,
      previous_insurer: previousInsurer,
    })),
    ...(diedOn === null ? [] : [{ kind: 'deceased', bsn, from: diedOn }]),
  ];
}

export const csvHeader = (): string => stringify([[...MEMBER_COLUMNS]]);
export const csvRows = (rows: readonly Row[]): string => stringify([...rows], { columns: [...MEMBER_COLUMNS] });
