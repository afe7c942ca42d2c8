import { z } from 'zod';
import type { CausedPaymentChanges, CommandId, SettlementEntry } from '#libs/trajectory';
import type { CommandEffect } from './command-effect';

const signedCents = z.int().meta({ description: 'Euro cents; negative when taken back' });

const bookedEntry = z
  .strictObject({
    line: z.string().meta({ description: '`<practice>/<reference>`' }),
    basic: signedCents.optional(),
    supplementary: signedCents.optional(),
    insured: signedCents.optional(),
    paidToProvider: signedCents.optional(),
    claimFromInsured: signedCents.optional(),
  })
  .meta({
    id: 'BookedEntry',
    description: 'What a decision booked on a line, as differences in cents; purses that do not move are absent.',
  });

const paymentChange = z
  .strictObject({
    practice: z.string(),
    reference: z.string(),
    invoice: z.string(),
    date: z.string(),
    grantedBeforeCents: z.int(),
    grantedNowCents: z.int(),
    cause: z.strictObject({ type: z.string(), id: z.string() }).meta({
      description:
        'What moved it: this command or, told with it because nobody was told before, an activated policy (`ActivatePolicy`, by its digest), a member import or another command.',
    }),
  })
  .meta({ id: 'PaymentChange', description: 'A line whose grant to the provider moved.' });

/** Fields of the answer to every command of one person. */
export const commandAnswerFields = {
  commandId: z.uuid(),
  position: z.string().nullable().meta({
    description: 'Ask queries for `atLeast` this position to see the effect; null when the person has no event yet.',
  }),
  changed: z.boolean().meta({ description: 'false when there was nothing to add: it was known already.' }),
  facts: z
    .array(
      z.strictObject({
        stream: z.string(),
        revision: z.int(),
        type: z.string(),
        importId: z.uuid().optional(),
        statementId: z.uuid().optional(),
      }),
    )
    .meta({ description: 'The facts that were recorded; an imported history and a statement with its id.' }),
  decided: z
    .strictObject({
      revision: z.int().meta({ description: 'Revision of the decision in the dossier: the value for If-Match.' }),
      policy: z.strictObject({ version: z.string(), digest: z.string() }),
      changedDecisions: z.int().meta({ description: 'Lines whose decision is new or another than before.' }),
      releasedLines: z.array(z.string()).meta({ description: 'Lines that were held and are not any more.' }),
      withdrawnLines: z.array(z.string()),
      entries: z.array(bookedEntry),
    })
    .nullable()
    .meta({ description: 'What was decided and booked; null when nothing was to be decided.' }),
  paymentChanges: z.array(paymentChange),
};

const { facts, decided, paymentChanges } = commandAnswerFields;

export const commandAnswer = z
  .strictObject({
    ...commandAnswerFields,
    receiving: z
      .strictObject({ personId: z.uuid(), facts, decided, paymentChanges })
      .meta({ id: 'ReceivingPerson', description: 'The person who receives what leaves the first.' })
      .optional()
      .meta({ description: 'Only of a correction that is about two persons.' }),
  })
  .meta({ id: 'CommandAnswer', description: 'What a command recorded, decided and booked.' });

export type CommandAnswer = z.infer<typeof commandAnswer>;

/** The effect as the caller is told it. */
export function answerOf(commandId: CommandId, effect: CommandEffect): CommandAnswer {
  const { receiving } = effect;
  return {
    commandId,
    position: effect.position,
    changed: effect.facts.length > 0,
    ...partOf(effect),
    ...(receiving === null ? {} : { receiving: { personId: receiving.personId, ...partOf(receiving.effect) } }),
  };
}

/** What it did with one person. */
function partOf({
  decision,
  facts: recorded,
  moved,
}: CommandEffect): Pick<CommandAnswer, 'facts' | 'decided' | 'paymentChanges'> {
  return {
    facts: recorded.map(({ stream, revision, type, data }) => {
      const { importId, statementId } = data as { importId?: string; statementId?: string };
      return {
        ...{ stream, revision, type },
        ...(type.startsWith('HistoryImported.') && importId !== undefined ? { importId } : {}),
        ...(statementId === undefined ? {} : { statementId }),
      };
    }),
    decided:
      decision === null
        ? null
        : {
            revision: decision.event.revision,
            policy: { version: decision.data.policy.version, digest: decision.data.policy.digest },
            changedDecisions: decision.data.decisions.length,
            releasedLines: [...decision.released],
            withdrawnLines: [...decision.data.withdrawn],
            entries: decision.entries.map((entry: SettlementEntry) => ({ ...entry })),
          },
    paymentChanges: toldChanges(moved),
  };
}

/** Each change with its cause. */
export const toldChanges = (moved: readonly CausedPaymentChanges[]): CommandAnswer['paymentChanges'] =>
  moved.flatMap(({ cause, changes }) => changes.map((change) => ({ ...change, cause: { ...cause } })));
