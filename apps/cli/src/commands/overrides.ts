/** Decisions set by hand: what is in effect, and ending what has lapsed. */
import type { Command } from 'commander';
import { endDueOverrides, paymentsOfLapses } from '#libs/dossiers';
import type { CausedPaymentChanges, PersonId } from '#libs/trajectory';
import { recordReadOfAll } from '../access';
import { EXIT } from '../exit-codes';
import { writeSpecifications } from '../output/specifications';
import { euros, Terminal } from '../output/terminal';
import { readModelsLibrary, tellParked, withReadModels, type ReadModels } from '../read-models';
import type { Session } from '../session';
import { dateOf } from './date-option';

interface Output {
  readonly json?: boolean;
}

/** Who ends what has lapsed: nobody decides it then, it was decided with the last day. */
const ACTOR = 'overrides-end-due';
/** Loaded at once. */
const PERSONS = 100;

export function addOverrides(program: Command): void {
  const overrides = program
    .command('overrides')
    .description('decisions set by hand: what is in effect, and the end of what has lapsed');
  overrides
    .command('list')
    .description('what is in effect, as far as the read models have come')
    .option('--due', 'only what has lapsed and was not ended')
    .option('--json', 'print the result as JSON')
    .action(async ({ due, json }: Output & { due?: boolean }) => {
      await withReadModels('overrides', async (session, readModels) => {
        const { overriddenTrajectories } = await readModelsLibrary();
        const terminal = new Terminal(json === true);
        const today = session.runtime.context.today();
        const found = [];
        for await (const { personId, overrides: each } of overriddenTrajectories(readModels, due === true ? today : null))
          for (const override of each)
            if (due !== true || override.endsOn < today) found.push({ personId, ...override, isDue: override.endsOn < today });
        const persons = [...new Set(found.map(({ personId }) => personId))];
        await session.runtime.access.record({ event: 'overrides-list', action: 'read', object: 'decision', persons }, 'success');
        terminal.value({ today, overrides: found });
        terminal.table(
          ['person', 'line', 'basic', 'suppl.', 'insured', 'through', 'set by', 'approved by', 'set at', 'reason', 'due'],
          found.map(({ personId, practice, reference, split, endsOn, setBy, approvedBy, setAt, reason, isDue }) => [
            ...[personId, `${practice}/${reference}`, euros(split.basic), euros(split.supplementary), euros(split.insured)],
            ...[endsOn, setBy, approvedBy ?? '', setAt.slice(0, 16), reason ?? '', isDue ? 'due' : ''],
          ]),
        );
        const overdue = found.filter(({ isDue }) => isDue).length;
        terminal.line(`${found.length} in effect, ${overdue} of them due`);
        process.exitCode = overdue === 0 ? EXIT.ok : EXIT.findings;
      });
    });
  overrides
    .command('end-due')
    .description('end what has lapsed and decide its lines by their facts again; run it every day')
    .option('--payments-to <dir>', 'folder for the payment specifications of what moved', '.')
    .option('--json', 'print the result as JSON')
    .action(async ({ json, paymentsTo }: Output & { paymentsTo: string }) => {
      await withReadModels('overrides', async (session, readModels) => {
        const terminal = new Terminal(json === true);
        const { personsWithOverridesBefore, untilWhole } = await readModelsLibrary();
        const { access, context, store } = session.runtime;
        await untilWhole(store, readModels);
        await recordReadOfAll(session, 'overrides-end-due');
        const candidates = personsWithOverridesBefore(readModels, context.today()) as AsyncIterable<PersonId>;
        const report = await endDueOverrides(context, session.commands, access, candidates, ACTOR);
        const payments = await writePayments(session, paymentsTo, report.payments);
        const { persons, ended, refused } = report;
        terminal.value({ persons, ended, refused, payments });
        terminal.line(`${ended} overrides of ${persons} persons ended`);
        for (const { personId, codes } of refused) terminal.problem(`person ${personId}: refused (${codes.join(', ')})`);
        for (const path of payments) terminal.line(`payment specifications: ${path}`);
        process.exitCode = refused.length === 0 ? EXIT.ok : EXIT.refused;
        await tellParked(readModels, terminal);
      });
    });
  overrides
    .command('payments')
    .description('write the payment specifications of what has lapsed and ended on a day, once more')
    .option('--on <date>', 'the day on which it was ended; default today', dateOf)
    .option('--to <dir>', 'folder', '.')
    .option('--json', 'print the result as JSON')
    .action(async ({ json, on, to }: Output & { on?: string; to: string }) => {
      await withReadModels('overrides', async (session, readModels) => {
        const terminal = new Terminal(json === true);
        const { untilWhole } = await readModelsLibrary();
        await untilWhole(session.runtime.store, readModels);
        const payments = await writeAgain(session, readModels, on ?? session.runtime.context.today(), to);
        terminal.value({ payments });
        if (payments.length === 0) terminal.line('no grant moved');
        for (const path of payments) terminal.line(`payment specifications: ${path}`);
        await tellParked(readModels, terminal);
      });
    });
}

/** What a run that was stopped has not written; or once more. */
async function writeAgain(session: Session, readModels: ReadModels, day: string, folder: string): Promise<readonly string[]> {
  const { personsWithLapsesBooked } = await readModelsLibrary();
  const persons: PersonId[] = [];
  for await (const id of personsWithLapsesBooked(readModels, day)) persons.push(id as PersonId);
  await session.runtime.access.record({ event: 'overrides-payments', action: 'read', object: 'dossier', persons }, 'success');
  const payments: CausedPaymentChanges[] = [];
  for (let at = 0; at < persons.length; at += PERSONS)
    payments.push(...(await paymentsOfLapses(session.runtime.store, persons.slice(at, at + PERSONS), day)));
  return writePayments(session, folder, payments);
}

/** Named after the first cause: a run of the daily command has no id of its own. */
const writePayments = (session: Session, folder: string, moved: readonly CausedPaymentChanges[]): Promise<readonly string[]> =>
  writeSpecifications(session, folder, { of: 'overrides', id: moved[0]?.cause.id ?? '' }, moved);
