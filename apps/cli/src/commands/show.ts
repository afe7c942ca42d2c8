import type { Command } from 'commander';
import { loadPersons } from '#libs/dossiers';
import {
  lineageCodes,
  survivorOf,
  type LineDecision,
  type PersonState,
  type SessionFact,
  type TrajectoryFacts,
} from '#libs/trajectory';
import { recordRead } from '../access';
import { EXIT } from '../exit-codes';
import { statementLine } from '../output/statement-line';
import { euros, Terminal } from '../output/terminal';
import { personOf, withPerson, type PersonOptions } from '../person-option';
import { openSession } from '../session';

export function addShow(program: Command): void {
  withPerson(program.command('show').description('show a dossier: trajectories, sessions, who pays and why'))
    .option('--json', 'print the result as JSON')
    .action(async (options: PersonOptions & { json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      const session = await openSession('show');
      try {
        const personId = await personOf(session, options);
        const loaded = (await loadPersons(session.runtime.store, [personId])).get(personId);
        const isFound = loaded?.fold.registered === true;
        await recordRead(session, 'show', personId, isFound);
        if (!isFound) {
          terminal.problem('no dossier under this person id');
          process.exitCode = EXIT.refused;
          return;
        }
        terminal.value(asValue(loaded.fold));
        print(terminal, loaded.fold);
        if (loaded.unseen.length > 0)
          terminal.line(`\n${loaded.unseen.length} facts are not booked yet; the next command books them.`);
      } finally {
        await session.close();
      }
    });
}

interface TrajectoryView {
  readonly id: string;
  readonly regime: string;
  readonly codes: readonly string[];
  readonly absorbed: readonly string[];
  readonly switches: TrajectoryFacts['switches'];
  readonly histories: TrajectoryFacts['histories'];
  /** In effect; one that was retracted is not shown. */
  readonly statements: TrajectoryFacts['statements'];
  readonly sessions: readonly { readonly session: SessionFact; readonly decision: LineDecision | null }[];
}

/** Trajectories with what they absorbed, sessions in the order in which they count, episode by episode. */
function views(state: PersonState): TrajectoryView[] {
  const all = [...state.facts.trajectories.values()];
  return all
    .filter((each) => each.absorbedInto === null)
    .map((survivor) => {
      const members = all.filter((each) => survivorOf(state.facts, each.id) === survivor.id);
      const statements = members.flatMap((each) => each.statements);
      const sessions = members
        .flatMap((each) => [...each.sessions.values()])
        .map((session) => ({ session, decision: state.decisions.get(session.line) ?? null }))
        .sort(
          (a, b) =>
            episodeOn(statements, a.session.date).localeCompare(episodeOn(statements, b.session.date)) ||
            firstPosition(a.decision) - firstPosition(b.decision) ||
            (a.session.date < b.session.date ? -1 : 1),
        );
      return {
        id: survivor.id,
        regime: survivor.regime,
        codes: [...new Set(members.flatMap((each) => lineageCodes(each)))],
        absorbed: members.filter((each) => each.id !== survivor.id).map((each) => each.id),
        switches: members.flatMap((each) => each.switches),
        histories: members.flatMap((each) => each.histories),
        statements,
        sessions,
      };
    });
}

/** First day of the last episode that has begun on the date; '' = the first one. */
const episodeOn = (statements: TrajectoryFacts['statements'], date: string): string =>
  statements.reduce(
    (latest, { type, data }) =>
      type === 'NewEpisodeConfirmed.v1' && data.from <= date && data.from > latest ? data.from : latest,
    '',
  );

const firstPosition = (decision: LineDecision | null): number => decision?.units[0]?.position ?? Number.MAX_SAFE_INTEGER;

const asValue = (state: PersonState): unknown => ({
  personId: state.facts.personId,
  insurance: state.facts.insurance,
  diedOn: state.facts.diedOn,
  packages: state.facts.packages,
  policy: state.lastDecided?.policy ?? null,
  trajectories: views(state).map(({ sessions, ...trajectory }) => ({
    ...trajectory,
    sessions: sessions.map(({ session, decision }) => ({ ...session, decision, booked: state.booked.get(session.line) ?? null })),
  })),
});

function print(terminal: Terminal, state: PersonState): void {
  terminal.line(`Person ${state.facts.personId}`);
  for (const { insurer, from, through } of state.facts.insurance)
    terminal.line(`  insured at ${insurer} from ${from}${through === null ? '' : ` through ${through}`}`);
  for (const each of state.facts.packages)
    terminal.line(
      `  package ${each.package} at ${each.insurer} from ${each.from}${each.through === null ? '' : ` through ${each.through}`}`,
    );
  for (const view of views(state)) {
    terminal.line(
      `\nTrajectory ${view.id}: ${view.regime}, code ${view.codes.join(' → ')}${view.absorbed.length > 0 ? ` (took up ${view.absorbed.length} other)` : ''}`,
    );
    for (const each of view.switches)
      terminal.line(
        `  insurer switched on ${each.switchDate}${each.previousInsurer === undefined ? '' : ` from ${each.previousInsurer}`}`,
      );
    for (const each of view.histories)
      terminal.line(
        `  history: ${each.count} sessions ${each.scope} from ${each.startedOn} through ${each.throughDate}, ${each.status} (${each.document.reference})`,
      );
    for (const each of view.statements) terminal.line(`  ${statementLine(each)}`);
    terminal.table(
      ['date', 'code', 'CSI', 'position', 'status', 'basic', 'suppl.', 'insured', 'held', 'refused', 'codes', 'why'],
      view.sessions.map(({ session, decision }) => row(session, decision)),
    );
  }
}

function row(session: SessionFact, decision: LineDecision | null): (string | number)[] {
  if (decision === null) return [session.date, session.diagnosis, session.csi, '', 'not decided', '', '', '', '', '', '', ''];
  const { split, units } = decision;
  const positions = units.map((unit) => unit.position).filter((position) => position !== null);
  const reason = Object.entries(decision.reason.values).map(([name, value]) => `${name} ${String(value)}`);
  return [
    session.date,
    session.diagnosis,
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
