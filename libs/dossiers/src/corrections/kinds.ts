/** The corrections that staff may ask for: the form of each, and the command that carries it out. */
import type { Command } from '@nestjs/cqrs';
import { z } from 'zod';
import type { CommandBase, CommandResult } from '../command-result';
import { ChangeCareClass } from '../change-care-class/command';
import { ConfirmCondition } from '../confirm-condition/command';
import { ConfirmNewEpisode } from '../confirm-new-episode/command';
import { EndOverride } from '../end-override/command';
import { ExtendTerm } from '../extend-term/command';
import { GrantAuthorisation } from '../grant-authorisation/command';
import { ImportHistory } from '../import-history/command';
import { MoveSession } from '../move-session/command';
import { MoveSessionToPerson } from '../move-session-to-person/command';
import { OverrideDecision } from '../override-decision/command';
import { RecordSwitch } from '../record-switch/command';
import { RemapDiagnosis } from '../remap-diagnosis/command';
import { RetractHistory } from '../retract-history/command';
import { RetractStatement } from '../retract-statement/command';
import { RevertAbsorption } from '../revert-absorption/command';
import { RevertRemap } from '../revert-remap/command';
import { StateClinicalFacts } from '../state-clinical-facts/command';
import { StateInsurance } from '../state-insurance/command';
import { StatePackages } from '../state-packages/command';
import { VerifyHistory } from '../verify-history/command';
import * as inputs from './inputs';
import { override, overrideEnd } from './override-inputs';
import type { CorrectionKind } from './names';

/** A form and what follows of it; the form is told once, for files, for HTTP and for what waits to be approved. */
const kind = <S extends z.ZodType>(
  input: S,
  make: (base: CommandBase, input: WithoutUndefined<z.output<S>>) => Command<CommandResult>,
) => ({
  input,
  /** @param given as it came of `input` */
  command: (base: CommandBase, given: unknown): Command<CommandResult> =>
    make(base, withoutUndefined(given) as WithoutUndefined<z.output<S>>),
});

export const CORRECTIONS = {
  'record-switch': kind(inputs.insurerSwitch, (base, input) => new RecordSwitch(base, input)),
  'import-history': kind(inputs.historyImport, (base, input) => new ImportHistory(base, input)),
  'verify-history': kind(inputs.historyVerification, (base, input) => new VerifyHistory(base, input)),
  'retract-history': kind(inputs.historyRetraction, (base, input) => new RetractHistory(base, input)),
  'remap-diagnosis': kind(inputs.diagnosisRemap, (base, input) => new RemapDiagnosis(base, input)),
  'revert-remap': kind(inputs.remapReversal, (base, input) => new RevertRemap(base, input)),
  'move-session': kind(inputs.sessionMove, (base, input) => new MoveSession(base, input)),
  'move-session-to-person': kind(inputs.sessionMoveToPerson, (base, input) => new MoveSessionToPerson(base, input)),
  'revert-absorption': kind(inputs.absorptionReversal, (base, input) => new RevertAbsorption(base, input)),
  'state-insurance': kind(inputs.insuranceStatement, (base, input) => new StateInsurance(base, input)),
  'state-packages': kind(inputs.packageStatement, (base, input) => new StatePackages(base, input)),
  'state-clinical-facts': kind(inputs.clinicalFacts, (base, input) => new StateClinicalFacts(base, input)),
  'confirm-condition': kind(inputs.condition, (base, input) => new ConfirmCondition(base, input)),
  'confirm-new-episode': kind(inputs.newEpisode, (base, input) => new ConfirmNewEpisode(base, input)),
  'change-care-class': kind(inputs.careClass, (base, input) => new ChangeCareClass(base, input)),
  'extend-term': kind(inputs.termExtension, (base, input) => new ExtendTerm(base, input)),
  'grant-authorisation': kind(inputs.authorisation, (base, input) => new GrantAuthorisation(base, input)),
  'retract-statement': kind(inputs.statementRetraction, (base, input) => new RetractStatement(base, input)),
  'override-decision': kind(
    override,
    (base, { code, ...input }) => new OverrideDecision(base, code === undefined ? input : { ...input, code }),
  ),
  'end-override': kind(overrideEnd, (base, input) => new EndOverride(base, input)),
} as const satisfies Record<CorrectionKind, object>;

type WithoutUndefined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Optional fields that were not given are left out, so that what is stored says only what was stated. */
const withoutUndefined = (given: unknown): object =>
  Object.fromEntries(Object.entries(given as object).filter(([, value]) => value !== undefined));
