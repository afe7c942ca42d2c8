import { InvalidArgumentError, type Command } from 'commander';
import { asKnown, loadPersons, trajectoryViews } from '#libs/dossiers';
import type { IsoDate, LineDecision, PersonState, SessionFact } from '#libs/trajectory';
import { recordRead } from '../access';
import { EXIT } from '../exit-codes';
import { statementLine } from '../output/statement-line';
import { euros, Terminal } from '../output/terminal';
import { personOf, withPerson, type PersonOptions } from '../person-option';
import { openSession } from '../session';

export function addShow(program: Command): void {
  withPerson(program.command('show').description('show a dossier: trajectories, sessions, who pays and why'))
    .option('--known-on <date or time>', 'as it was known at the end of that day, or at that moment (ISO 8601, UTC)', knownOn)
    .option('--valid-on <date>', 'sessions up to this date', validDate)
    .option('--json', 'print the result as JSON')
    .action(async (options: PersonOptions & { json?: boolean; knownOn?: string; validOn?: string }) => {
      const terminal = new Terminal(options.json === true);
      const session = await openSession('show');
      try {
        const personId = await personOf(session, options);
        const { store } = session.runtime;
        const validOn = options.validOn ?? null;
        if (options.knownOn !== undefined) {
          const then = await asKnown(store, personId, options.knownOn);
          await recordRead(session, 'show-as-known', personId, then !== null);
          if (then === null || then.decided === null) {
            terminal.problem(then === null ? 'no dossier under this person id' : `nothing was decided yet on ${options.knownOn}`);
            process.exitCode = EXIT.refused;
            return;
          }
          const { revision, recordedAt, data } = then.decided;
          terminal.value({
            knownOn: options.knownOn,
            validOn,
            decided: { revision, recordedAt, engine: data.engine },
            ...asValue(then.fold, validOn),
          });
          terminal.line(
            `As known on ${options.knownOn}: decided on ${recordedAt} by engine ${data.engine}, policy ${data.policy.version}`,
          );
          print(terminal, then.fold, validOn);
          return;
        }
        const loaded = (await loadPersons(store, [personId])).get(personId);
        await recordRead(session, 'show', personId, loaded?.fold.registered === true);
        if (loaded === undefined || !loaded.fold.registered) {
          terminal.problem('no dossier under this person id');
          process.exitCode = EXIT.refused;
          return;
        }
        const { erasedAt } = loaded.fold;
        if (erasedAt !== null) {
          terminal.value({ personId, erasedAt });
          terminal.line(`Person ${personId} was erased at ${erasedAt}; nothing of the dossier is shown.`);
          return;
        }
        terminal.value(asValue(loaded.fold, validOn));
        print(terminal, loaded.fold, validOn);
        if (loaded.unseen.length > 0)
          terminal.line(`\n${loaded.unseen.length} facts are not booked yet; the next command books them.`);
      } finally {
        await session.close();
      }
    });
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

function validDate(text: string): string {
  if (!DATE.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('give a date that exists, as YYYY-MM-DD');
  return text;
}

function knownOn(text: string): string {
  if (DATE.test(text)) return validDate(text);
  if (!/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('give a date, or a moment in UTC such as 2024-07-01T12:00:00Z');
  return text;
}

const asValue = (state: PersonState, validOn: IsoDate | null): object => ({
  personId: state.facts.personId,
  insurance: state.facts.insurance,
  diedOn: state.facts.diedOn,
  packages: state.facts.packages,
  policy: state.lastDecided?.policy ?? null,
  trajectories: trajectoryViews(state, validOn).map(({ sessions, ...trajectory }) => ({
    ...trajectory,
    sessions: sessions.map(({ session, decision, booked }) => ({ ...session, decision, booked })),
  })),
});

function print(terminal: Terminal, state: PersonState, validOn: IsoDate | null): void {
  terminal.line(`Person ${state.facts.personId}`);
  for (const { insurer, from, through } of state.facts.insurance)
    terminal.line(`  insured at ${insurer} from ${from}${through === null ? '' : ` through ${through}`}`);
  for (const each of state.facts.packages)
    terminal.line(
      `  package ${each.package} at ${each.insurer} from ${each.from}${each.through === null ? '' : ` through ${each.through}`}`,
    );
  for (const view of trajectoryViews(state, validOn)) {
    terminal.line(
      `\nTrajectory ${view.id}: ${view.regime}, code ${view.codes.join(' → ')}${view.absorbed.length > 0 ? ` (took up ${view.absorbed.length} other)` : ''}`,
    );
    for (const each of view.switches)
      terminal.line(
        `  insurer switched on ${each.switchDate}${each.previousInsurer === undefined ? '' : ` from ${each.previousInsurer}`}`,
      );
    for (const each of view.histories)
      terminal.line(
        `  history: ${each.count} sessions ${each.scope} from ${each.startedOn} through ${each.throughDate}, ${each.status} (${each.document.reference}${each.signedOn === undefined ? '' : `, signed on ${each.signedOn}`}; import ${each.importId})`,
      );
    for (const each of view.statements) terminal.line(`  ${statementLine(each)}`);
    for (const { practice, reference, endsOn, split } of view.overrides)
      terminal.line(
        `  set by hand through ${endsOn}: ${practice}/${reference}, basic ${euros(split.basic)}, supplementary ${euros(split.supplementary)}, insured ${euros(split.insured)}`,
      );
    terminal.table(
      ['date', 'code', 'CSI', 'position', 'status', 'basic', 'suppl.', 'insured', 'held', 'refused', 'codes', 'why'],
      view.sessions.map(({ session, decision }) => row(session, decision)),
    );
  }
}

/** The code as it was declared, and the one that a moved line counts under. */
const codeShown = ({ diagnosis, moved }: SessionFact): string =>
  moved === undefined || moved.under === diagnosis ? diagnosis : `${diagnosis} → ${moved.under}`;

function row(session: SessionFact, decision: LineDecision | null): (string | number)[] {
  if (decision === null) return [session.date, codeShown(session), session.csi, '', 'not decided', '', '', '', '', '', '', ''];
  const { split, units } = decision;
  const positions = units.map((unit) => unit.position).filter((position) => position !== null);
  const reason = Object.entries(decision.reason.values).map(([name, value]) => `${name} ${String(value)}`);
  return [
    session.date,
    codeShown(session),
    session.csi,
    positions.length > 1 ? `${positions[0]}-${positions.at(-1)}` : String(positions[0] ?? ''),
    decision.status,
    euros(split.basic),
    euros(split.supplementary),
    euros(split.insured),
    euros(split.undecided),
    euros(split.refused),
    decision.codes.join(' '),
    `${decision.reason.rule}${reason.length > 0 ? ` (${reason.join(', ')})` : ''}`,
  ];
}
