/** Erasing a person: looked at before, asked for by one, confirmed by another, held back by a legal hold. */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { Access } from '#libs/access-log';
import { createErasureList } from '#libs/dossiers';
import { loadConfig, openDatabase } from '#libs/platform';
import type { PersonId } from '#libs/trajectory';
import { objectNamed, personsNamed } from '../access';
import { UsageError } from '../errors';
import { EXIT } from '../exit-codes';
import { printPreview } from '../output/erasure-preview';
import { Terminal } from '../output/terminal';
import { personOf, withPerson, type PersonOptions } from '../person-option';
import { openSession, type Session } from '../session';
import { readModelsLibrary } from '../read-models';

interface Output {
  readonly json?: boolean;
}
interface By extends Output {
  readonly by: string;
}

export function addErase(program: Command): void {
  const erase = program.command('erase').description('erase a person for good: asked for by one person, confirmed by another');
  const output = (command: Command): Command => command.option('--json', 'print the result as JSON');
  // until the command line signs users in, it takes the word of the operating system, or of whoever calls it
  const by = (command: Command): Command => output(command.option('--by <user>', 'who does it', userInfo().username));

  output(
    withPerson(erase.command('preview').description('dry run: what would be destroyed, what stays, what stands in its way')),
  ).action((options: PersonOptions & Output) =>
    inSession(options, async (session, terminal) => {
      const personId = await personOf(session, options);
      const { access, erasures } = session.runtime;
      const preview = await erasures.preview(personId);
      await access.record(
        { event: 'erase-person', action: 'preview', object: 'dossier', persons: personsNamed(personId) },
        preview.state === 'known' ? 'success' : 'refused',
      );
      terminal.value(preview);
      printPreview(terminal, preview);
      process.exitCode = preview.state === 'known' && preview.holds.length === 0 ? EXIT.ok : EXIT.refused;
    }),
  );

  by(withPerson(erase.command('request').description('ask for the erasure of a person')))
    .requiredOption('--reason <text>', 'why; it is kept, so it must name nobody')
    .action((options: PersonOptions & By & { reason: string }) =>
      inSession(options, async (session, terminal) => {
        const personId = await personOf(session, options);
        const done = await onRecord(session, changeOf('request-erasure', 'dossier', personId), () =>
          session.runtime.erasures.request(personId, options.by, options.reason),
        );
        if (!isRefused(terminal, done)) {
          terminal.line(
            `request ${done.request.requestId} for the erasure of person ${personId}, by ${done.request.requestedBy}`,
          );
          terminal.line(`Another person confirms it: traject erase confirm ${done.request.requestId}`);
        }
      }),
    );

  by(erase.command('confirm').description('confirm a request as another person, and erase').argument('<request>')).action(
    (request: string, options: By) =>
      inSession(options, async (session, terminal) => {
        const done = await onRecord(session, changeOf('erase-person', objectNamed('erasure-request', request)), () =>
          session.runtime.erasures.confirm(request, options.by),
        );
        if (isRefused(terminal, done)) return;
        await takeIntoReadModels(session, done.personId);
        terminal.line(`person ${done.personId} was erased at ${done.erasedAt}`);
        terminal.line('Still yours to delete: claim, return and member files of before, and back-ups as they expire.');
      }),
  );

  by(withPerson(erase.command('hold').description('legal hold: nobody erases the person until a day is over')))
    .requiredOption('--until <date>', 'the last day on which it holds, YYYY-MM-DD')
    .requiredOption('--reason <text>', 'why; it is kept, so it must name nobody')
    .action((options: PersonOptions & By & { until: string; reason: string }) =>
      inSession(options, async (session, terminal) => {
        const personId = await personOf(session, options);
        const done = await onRecord(session, changeOf('hold-person', 'dossier', personId), () =>
          session.runtime.erasures.hold(personId, options.by, options.reason, options.until),
        );
        if (!isRefused(terminal, done)) terminal.line(`hold ${done.hold.holdId} on person ${personId} until ${done.hold.until}`);
      }),
    );

  by(erase.command('release').description('end a legal hold before its day').argument('<hold>')).action(
    (hold: string, options: By) =>
      inSession(options, async (session, terminal) => {
        const done = await onRecord(session, changeOf('release-hold', objectNamed('legal-hold', hold)), () =>
          session.runtime.erasures.release(hold, options.by),
        );
        if (!isRefused(terminal, done)) terminal.line(`hold ${hold} on person ${done.personId} is released`);
      }),
  );

  output(
    erase.command('create-list').description('make the erasure list that TRAJECT_ERASURE_LIST names, where there never was one'),
  ).action(createList);
}

async function inSession(options: Output, work: (session: Session, terminal: Terminal) => Promise<void>): Promise<void> {
  const session = await openSession('erase');
  try {
    await work(session, new Terminal(options.json === true));
  } finally {
    await session.close();
  }
}

interface Outcome {
  readonly outcome: string;
  readonly personId?: PersonId;
  readonly refusals?: readonly { readonly field: string; readonly problem: string }[];
}

const changeOf = (event: string, object: string, personId?: PersonId): Access => ({
  ...{ event, action: 'change', object },
  persons: personId === undefined ? [] : personsNamed(personId),
});

/** Whose request or hold it is, its outcome tells. */
const onRecord = <T extends Outcome>({ runtime }: Session, access: Access, carryOut: () => Promise<T>): Promise<T> =>
  runtime.access.change(
    access,
    carryOut,
    ({ outcome }) => (outcome === 'refused' ? 'refused' : 'success'),
    () => 'failed',
    ({ personId }) => (personId === undefined ? access.persons : [personId]),
  );

/** Prints the outcome as a value, and its refusals. */
function isRefused<T extends Outcome>(terminal: Terminal, done: T): done is Extract<T, { readonly outcome: 'refused' }> {
  terminal.value(done);
  if (done.outcome !== 'refused') return false;
  for (const { field, problem } of done.refusals ?? []) terminal.problem(`refused: ${field}: ${problem}`);
  process.exitCode = EXIT.refused;
  return true;
}

/** The rows are gone when the command says so, whether a projector runs or not. */
async function takeIntoReadModels(session: Session, personId: PersonId): Promise<void> {
  const { openReadModels, takeInErasures } = await readModelsLibrary();
  const dataSource = await openReadModels({ url: session.database.url, poolSize: 4 });
  const quiet = (): void => undefined;
  try {
    const logger = { info: quiet, warn: quiet, error: quiet };
    await takeInErasures({ store: session.runtime.store, dataSource, logger }, [personId]);
  } finally {
    await dataSource.destroy();
  }
}

async function createList(options: Output): Promise<void> {
  const terminal = new Terminal(options.json === true);
  const config = loadConfig(process.env);
  const { erasureList } = config;
  if (erasureList === null) throw new UsageError('set TRAJECT_ERASURE_LIST to the file that shall be the erasure list');
  const database = await openDatabase(config);
  try {
    const erasures = await createErasureList(erasureList, config, database.url);
    terminal.value({ file: erasureList, erasures });
    terminal.line(`erasure list made in ${erasureList}, with the ${erasures} erasures that this database knows`);
    terminal.line('Back it up by itself, and set TRAJECT_ERASURE_LIST for every process.');
  } finally {
    await database.close();
  }
}
