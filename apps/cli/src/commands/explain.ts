import type { Command } from 'commander';
import { sentencesOf, type Language, type Sentences, type Trace, type TraceStep } from '#libs/coverage';
import {
  departureIn,
  lineRecords,
  loadPersons,
  setByHand,
  traceRecorded,
  type LineRecord,
  type LoadedPerson,
} from '#libs/dossiers';
import { departureOf, lineKey, type Booking, type LineKey, type SessionFact } from '#libs/trajectory';
import { recordRead } from '../access';
import { UsageError } from '../errors';
import { EXIT } from '../exit-codes';
import { euros, Terminal } from '../output/terminal';
import { personOf, withPerson, type PersonOptions } from '../person-option';
import { openSession } from '../session';

interface ExplainOptions extends PersonOptions {
  readonly line: string;
  readonly lang: string;
  readonly json?: boolean;
}

export function addExplain(program: Command): void {
  withPerson(program.command('explain').description('why this cent: the decision on one line, step by step, and since when'))
    .requiredOption('--line <practice/reference>', 'the line: AGB code of the practice and reference number')
    .option('--lang <nl|en>', 'language of the sentences', 'en')
    .option('--json', 'print the result as JSON')
    .action(async (options: ExplainOptions) => {
      const line = parseLine(options.line);
      const language = parseLanguage(options.lang);
      const terminal = new Terminal(options.json === true);
      const session = await openSession('explain');
      try {
        const personId = await personOf(session, options);
        const loaded = (await loadPersons(session.runtime.store, [personId])).get(personId);
        const isErased = loaded !== undefined && loaded.fold.erasedAt !== null;
        const declared = loaded === undefined || isErased ? null : declaredLine(loaded, line);
        await recordRead(session, 'explain', personId, declared !== null);
        if (loaded === undefined || declared === null) {
          const known = isErased ? 'this person was erased' : 'this person has no such line';
          terminal.problem(loaded?.fold.registered === true ? known : 'no dossier under this person id');
          process.exitCode = EXIT.refused;
          return;
        }
        const records = lineRecords(line, loaded.events, declared.creditReference !== null);
        const last = records.at(-1);
        const trace =
          last?.decision == null
            ? null
            : await traceRecorded(
                session.runtime.context.policies,
                last.decision,
                last.policy.digest,
                declared.session,
                setByHand(last.decision, loaded.events),
              );
        const explained: Explained = {
          ...{ personId, line, ...declared, records, trace, booked: loaded.fold.booked.get(line) ?? null },
        };
        terminal.value(asValue(explained));
        print(terminal, explained, language);
        if (loaded.unseen.length > 0)
          terminal.line(`\n${loaded.unseen.length} facts are not booked yet; the next command books them.`);
      } finally {
        await session.close();
      }
    });
}

interface Explained {
  readonly personId: string;
  readonly line: LineKey;
  readonly session: SessionFact;
  /** Reference of the credit that took the line out; null = it stands. */
  readonly creditReference: string | null;
  /** When it went to another person, and has not come back; null = it did not. */
  readonly movedAwayAt: string | null;
  /** Oldest first; the last is in effect. */
  readonly records: readonly LineRecord[];
  readonly trace: Trace | null;
  readonly booked: Booking | null;
}

/** The practice is of eight digits; the reference may hold slashes of its own. */
function parseLine(text: string): LineKey {
  const match = /^(\d{8})\/(.*\S.*)$/.exec(text);
  if (match === null) throw new UsageError('--line: give PRACTICE/REFERENCE, e.g. 04012345/1-7-007');
  return lineKey(match[1] ?? '', match[2] ?? '');
}

function parseLanguage(text: string): Language {
  if (text !== 'nl' && text !== 'en') throw new UsageError('--lang: nl or en');
  return text;
}

function declaredLine(
  { fold, events }: LoadedPerson,
  line: LineKey,
): Pick<Explained, 'session' | 'creditReference' | 'movedAwayAt'> | null {
  for (const { sessions, withdrawn } of fold.trajectories.values()) {
    const session = sessions.get(line);
    if (session !== undefined) return { session, creditReference: null, movedAwayAt: null };
    const credited = withdrawn.get(line);
    if (credited !== undefined) {
      const { session: taken, creditReference } = credited;
      return { session: taken, creditReference, movedAwayAt: null };
    }
  }
  const departure = departureOf(fold, line);
  if (departure === null) return null;
  const movedAwayAt = departureIn(events, line, departure.move)?.recordedAt ?? null;
  return { session: departure.session, creditReference: null, movedAwayAt };
}

/** The decision itself, with where and why it was recorded. */
const decisionOf = ({ decision, entry: _entry, ...record }: LineRecord): object => ({ ...record, ...decision });

const byWhom = ({ cause: { actor, reason, approvedBy } }: LineRecord): string =>
  `by ${actor}${reason === null ? '' : ` (${reason})`}${approvedBy === null ? '' : `, agreed to by ${approvedBy}`}`;

function asValue({ personId, session, creditReference, movedAwayAt, records, trace, booked }: Explained): unknown {
  const last = records.at(-1);
  const sentences: Record<Language, Sentences> | null =
    trace === null ? null : { en: sentencesOf(trace, 'en'), nl: sentencesOf(trace, 'nl') };
  return {
    personId,
    session: { ...session, creditReference, movedAwayAt },
    decision: last === undefined ? null : decisionOf(last),
    trace,
    sentences,
    known: records.map(({ decision, entry: _entry, ...record }) => ({
      ...record,
      rule: decision?.reason.rule ?? null,
      split: decision?.split ?? null,
    })),
    bookings: records.flatMap(({ revision, recordedAt, cause, policy, entry }) => {
      if (entry === null) return [];
      const { line: _line, ...moved } = entry;
      return [{ revision, recordedAt, cause, policyDigest: policy.digest, ...moved }];
    }),
    booked,
  };
}

function print(terminal: Terminal, explained: Explained, language: Language): void {
  const { line, session, creditReference, movedAwayAt, records, trace, booked } = explained;
  const last = records.at(-1);
  terminal.line(`Line ${line} of ${session.date}, ${euros(session.declaredCents)} declared`);
  if (movedAwayAt !== null)
    terminal.line(`Moved to another person on ${movedAwayAt.slice(0, 10)}: nothing stands on it here any more.`);
  if (last === undefined) return terminal.line('Nothing is decided on it yet; the next command of the person does.');
  terminal.line(
    `Decided by ${last.cause.type} (${last.cause.command}) ${byWhom(last)}, recorded ${last.recordedAt}, policy ${last.policy.version}`,
  );
  if (creditReference !== null) terminal.line(`Credited by ${creditReference}: nothing stands on it any more.`);
  if (trace !== null) {
    const { decision, next } = sentencesOf(trace, language);
    terminal.line(`\n${decision}`);
    for (const each of next) terminal.line(each);
    terminal.line('');
    terminal.table(['step', 'asked', 'outcome', 'numbers used', 'policy says'], trace.steps.map(stepRow));
  }
  terminal.line('\nKnown when');
  terminal.table(
    ['recorded', 'cause', 'policy', 'status', 'rule', 'basic', 'suppl.', 'insured'],
    records.map((record) => [
      record.recordedAt,
      record.cause.type,
      record.policy.version,
      record.status,
      record.decision?.reason.rule ?? '',
      ...(['basic', 'supplementary', 'insured'] as const).map((purse) => euros(record.decision?.split[purse] ?? 0)),
    ]),
  );
  terminal.line('\nBooked');
  const flows = ['basic', 'supplementary', 'insured', 'paidToProvider', 'claimFromInsured'] as const;
  terminal.table(
    ['recorded', 'cause', 'basic', 'suppl.', 'insured', 'to provider', 'from insured'],
    [
      ...records.flatMap(({ recordedAt, cause, entry }) =>
        entry === null ? [] : [[recordedAt, cause.type, ...flows.map((flow) => euros(entry[flow] ?? 0))]],
      ),
      ['', 'sum', ...flows.map((flow) => euros(booked?.[flow] ?? 0))],
    ],
  );
}

function stepRow({ step, name, outcome, facts, parameters }: TraceStep): (string | number)[] {
  return [
    step,
    name,
    outcome,
    Object.entries(facts)
      .map(([fact, value]) => `${fact} ${String(value)}`)
      .join(', '),
    parameters
      .map((each) => `${each.name} ${String(each.value)} (${each.source === 'interpretation' ? 'our reading' : each.source})`)
      .join('\n'),
  ];
}
