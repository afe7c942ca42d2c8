import { z } from 'zod';
import { insurancePeriods, packagePeriods } from '#libs/dossiers';
import { commandAnswerFields } from '../commands/command-answer';
import { bsn, date, diagnosis, insurer } from '../http/fields';

const MAX_SWITCHES = 50;
const MAX_RELATION_NUMBERS = 50;

const relationNumber = z
  .string()
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,13}[\x21-\x7e])?$/, 'a relation number has 1 to 15 printable characters')
  .meta({ description: "The insurer's own number of the person" });

export const personLookup = z
  .union(
    [z.strictObject({ bsn }), z.strictObject({ insurer, relationNumber })],
    'give either bsn (nine digits that pass the 11-test), or insurer and relationNumber, and nothing else',
  )
  .meta({ id: 'PersonLookup' });

export type PersonLookup = z.infer<typeof personLookup>;

export const foundPerson = z
  .strictObject({
    personId: z.uuid().nullable(),
    identity: z.strictObject({ birthDate: z.string(), name: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'FoundPerson', description: 'Both are null of somebody who is not known, or was erased.' });

export type FoundPerson = z.infer<typeof foundPerson>;

export const personRegistration = z
  .strictObject({
    bsn,
    birthDate: date,
    name: z.string().trim().min(1, 'leave it out, or give a name').max(200, 'use at most 200 characters').optional(),
    relationNumbers: z
      .array(z.strictObject({ insurer, number: relationNumber }))
      .max(MAX_RELATION_NUMBERS)
      .default([]),
    insurance: insurancePeriods,
    packages: packagePeriods.default([]),
    diedOn: date.nullable().default(null),
    switches: z
      .array(z.strictObject({ switchDate: date, diagnosis: diagnosis.optional(), previousInsurer: insurer.optional() }))
      .max(MAX_SWITCHES)
      .default([])
      .meta({ description: 'As the member administration reports them; without a code it holds nothing' }),
  })
  .meta({
    id: 'PersonRegistration',
    description: 'Registers a person, or states anew what is known of one. Identity goes to the vault alone.',
  });

export type PersonRegistration = z.infer<typeof personRegistration>;

export const registeredPerson = z.strictObject({ personId: z.uuid(), ...commandAnswerFields }).meta({ id: 'RegisteredPerson' });

export type RegisteredPerson = z.infer<typeof registeredPerson>;
