/** The corrections that staff may ask for, and the form of their inputs. */
import { z } from 'zod';
import {
  ChangeCareClass,
  ConfirmCondition,
  ConfirmNewEpisode,
  ExtendTerm,
  GrantAuthorisation,
  ImportHistory,
  RecordSwitch,
  RemapDiagnosis,
  RetractHistory,
  RetractStatement,
  StateClinicalFacts,
  StateInsurance,
  StatePackages,
  type CommandBase,
  type CommandResult,
} from '#libs/dossiers';
import type { HistoryImportId } from '#libs/trajectory';
import { personsNamed } from '../access';
import { CorrectionInputError, faultsOf } from './faults';
import type { Session } from '../session';
import { date, diagnosis, document, text } from './fields';
import { STATEMENT_INPUTS } from './statement-inputs';

const period = z.strictObject({ insurer: diagnosis, from: date, through: date.nullable() });
/** The inputs of the corrections, as they stand in a file and as the API takes them. */
const INPUTS = {
  'record-switch': z.strictObject({ switchDate: date, diagnosis, previousInsurer: diagnosis.optional() }),
  'import-history': z.strictObject({
    diagnosis,
    startedOn: date,
    count: z.number().int().min(0),
    throughDate: date,
    scope: z.enum(['elsewhere', 'everything']),
    perCalendarYear: z.record(z.string().regex(/^\d{4}$/), z.number().int().min(0)).optional(),
    previousInsurer: diagnosis.optional(),
    source: text,
    statedBy: text,
    document,
    status: z.enum(['asserted', 'verified']).default('asserted'),
    supersedes: z
      .uuid()
      .transform((id) => id as HistoryImportId)
      .optional(),
  }),
  'retract-history': z.strictObject({ importId: z.uuid().transform((id) => id as HistoryImportId), reason: text }),
  'remap-diagnosis': z.strictObject({
    from: diagnosis,
    to: diagnosis,
    effectiveDate: date,
    reason: text,
    absorb: z.boolean().default(false),
  }),
  'state-insurance': z.strictObject({ periods: z.array(period), diedOn: date.nullable().default(null) }),
  'state-packages': z.strictObject({ packages: z.array(period.extend({ package: text })) }),
  ...STATEMENT_INPUTS,
} as const;
export type CorrectionName = keyof typeof INPUTS;
export const CORRECTION_NAMES = Object.keys(INPUTS) as CorrectionName[];

/** Parses and carries out one correction, on record. Throws CorrectionInputError when the input is not of its form. */
export function correct(session: Session, base: CommandBase, name: CorrectionName, input: unknown): Promise<CommandResult> {
  return session.runtime.access.change(
    { event: name, action: 'change', object: 'dossier', persons: personsNamed(base.personId) },
    () => carryOut(session, base, name, input),
    ({ outcome }) => (outcome === 'refused' ? 'refused' : 'success'),
    (error) => (error instanceof CorrectionInputError ? 'refused' : 'failed'),
  );
}

async function carryOut(session: Session, base: CommandBase, name: CorrectionName, input: unknown): Promise<CommandResult> {
  const read = <N extends CorrectionName>(of: N): z.output<(typeof INPUTS)[N]> => {
    const parsed = INPUTS[of].safeParse(input);
    if (!parsed.success) throw new CorrectionInputError(faultsOf(parsed.error, 'input'));
    return parsed.data as z.output<(typeof INPUTS)[N]>;
  };
  switch (name) {
    case 'record-switch':
      return session.commands.execute(new RecordSwitch(base, defined(read(name))));
    case 'import-history':
      return session.commands.execute(new ImportHistory(base, defined(read(name))));
    case 'retract-history':
      return session.commands.execute(new RetractHistory(base, read(name)));
    case 'remap-diagnosis':
      return session.commands.execute(new RemapDiagnosis(base, read(name)));
    case 'state-insurance':
      return session.commands.execute(new StateInsurance(base, read(name)));
    case 'state-packages':
      return session.commands.execute(new StatePackages(base, read(name)));
    case 'state-clinical-facts':
      return session.commands.execute(new StateClinicalFacts(base, defined(read(name))));
    case 'confirm-condition':
      return session.commands.execute(new ConfirmCondition(base, defined(read(name))));
    case 'confirm-new-episode':
      return session.commands.execute(new ConfirmNewEpisode(base, defined(read(name))));
    case 'change-care-class':
      return session.commands.execute(new ChangeCareClass(base, defined(read(name))));
    case 'extend-term':
      return session.commands.execute(new ExtendTerm(base, defined(read(name))));
    case 'grant-authorisation':
      return session.commands.execute(new GrantAuthorisation(base, defined(read(name))));
    case 'retract-statement':
      return session.commands.execute(new RetractStatement(base, read(name)));
  }
}

/** Optional fields that were not given are left out, so that what is stored says only what was stated. */
const defined = <T extends object>(input: T): T =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as T;
