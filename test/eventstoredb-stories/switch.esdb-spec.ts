import { commandIdFrom, ImportHistory, RecordSwitch, RemapDiagnosis, type CommandResult } from '#libs/dossiers';
import { weekly } from '../stories/story';
import { outline, Site, type Process } from './site';
import { BSN } from './site';

const MEMBERS = `kind,bsn,birth_date,name,relation_number,insurer,package,from,through,dcsph,previous_insurer
member,${BSN},1970-05-05,V. Voorbeeld,,,,,,,
insurance,${BSN},,,,3343,,2024-01-01,,,
package,${BSN},,,,3343,Start,2024-01-01,,,
`;
const SWITCH = `switch,${BSN},,,,,,2024-01-01,,9373,7095\n`;
const options = { actor: 'test', receivedOn: '2025-01-03' };
const dates = weekly('2024-01-08', 10);
const lines = dates.map((date, i) => ({ date, reference: `S-${i + 1}`, csi: i < 6 ? '008' : '001' }));

let site: Site;
let first: Process;
beforeEach(async () => {
  site = await Site.open();
  first = await site.process();
});
afterEach(() => site.close());

const importMembers = async (rows: string): Promise<void> => {
  await first.members.import(await site.write('members.csv', rows), { actor: 'test' });
};
const history = async (process: Process): Promise<CommandResult> =>
  process.commands.execute(
    new ImportHistory(
      { personId: await site.personId(process), commandId: commandIdFrom('test', 'history'), actor: 'test' },
      {
        diagnosis: '9373',
        startedOn: '2023-03-06',
        count: 14,
        throughDate: '2023-12-18',
        scope: 'elsewhere',
        previousInsurer: '7095',
        source: 'treatment history form',
        statedBy: 'practice 04099999',
        document: { reference: 'BH-31' },
        status: 'asserted',
      },
    ),
  );
/** Every command of the person decided once, which no other one met. */
const closedOnce = (): void => {
  const causes = site.decisions().map((each) => each.cause.command);
  expect(causes).toEqual([...new Set(causes)]);
};

const RELEASED = [
  ...[15, 16, 17].map((n) => `${n} supplementary`),
  ...[18, 19, 20].map((n) => `${n} insured`),
  ...[21, 22, 23, 24].map((n) => `${n} basic`),
];

describe('Switch on EventStoreDB (the protocol double): no transaction over streams', () => {
  it('holds the lines, releases them all by one history, and every booking carries that command', async () => {
    await importMembers(MEMBERS + SWITCH);
    const file = await site.claimFile('switch.pm304', lines);
    expect(await first.claims.ingest(file, options)).toMatchObject({ outcome: 'processed', byOutcome: { held: 10 } });
    expect(outline(await site.person(first))).toEqual(dates.map(() => 'held'));
    expect(await history(first)).toMatchObject({ outcome: 'done', changed: true, released: { length: 10 } });
    expect(outline(await site.person(first))).toEqual(RELEASED);
    const booking = site.decisions().filter((each) => each.entries.length > 0);
    expect(booking.map((each) => [each.cause.command, each.cause.type, each.entries.length])).toEqual([
      [commandIdFrom('test', 'history'), 'ImportHistory', 10],
    ]);
    const length = site.double.log.events.length;
    expect(await history(first)).toMatchObject({ outcome: 'done', changed: false });
    expect(await first.claims.ingest(file, options)).toMatchObject({ outcome: 'already-processed' });
    expect(site.double.log.events).toHaveLength(length);
    closedOnce();
    expect(await site.findings(first)).toEqual([]);
  });

  it('a lost acknowledgement of facts, and of the decision, changes nothing', async () => {
    await importMembers(MEMBERS + SWITCH);
    for (const skipped of [0, 1, 2, 3]) {
      const part = lines.slice(skipped * 2, skipped * 2 + 2);
      // each time another append of the file's is not acknowledged: its reception, facts, decision, outcome
      const append = site.double.faults.takeDroppedAcknowledgement.bind(site.double.faults);
      let seen = 0;
      site.double.faults.takeDroppedAcknowledgement = () => (seen += 1) === skipped + 1 || append();
      const report = await first.claims.ingest(await site.claimFile(`part-${skipped}.pm304`, part), options);
      expect(report).toMatchObject({ outcome: 'processed', byOutcome: { held: 2 } });
    }
    expect(await history(first)).toMatchObject({ outcome: 'done', changed: true, released: { length: 8 } });
    expect(outline(await site.person(first))).toEqual(RELEASED.slice(0, 8));
    closedOnce();
    expect(await site.findings(first)).toEqual([]);
  }, 60_000);

  it('facts of a process that stopped are booked by the next command, under the cause of their own', async () => {
    await importMembers(MEMBERS);
    const within = lines.map((line) => ({ ...line, csi: '008' }));
    const file = await site.claimFile('stopped.pm304', within);
    // reception, link, then the trajectory's facts: with these the server dies
    site.double.faults.appendsUntilDeath = 2;
    await expect(first.claims.ingest(file, options)).rejects.toThrow();
    expect(site.events('SessionDeclared')).toHaveLength(10);
    const declaring = site.events('SessionDeclared')[0]?.command;
    const before = site.decisions().length;
    await site.double.restart();
    const next = await site.process();
    const personId = await site.personId(next);
    const commandId = commandIdFrom('test', 'switch');
    const input = { switchDate: '2023-01-01', diagnosis: '9374' };
    await next.commands.execute(new RecordSwitch({ personId, commandId, actor: 'test' }, input));
    const booked = site.decisions().slice(before);
    expect(booked.map((each) => each.cause)).toEqual([
      { command: declaring, type: 'DeclareClaimLines' },
      { command: commandId, type: 'RecordSwitch' },
    ]);
    expect(booked[0]?.entries).toHaveLength(10);
    expect(await site.findings(next)).toMatchObject([{ kind: 'file-unfinished' }]);
    expect(await next.claims.ingest(file, options)).toMatchObject({ outcome: 'processed', byOutcome: { decided: 10 } });
    expect(site.decisions()).toHaveLength(before + 2);
    closedOnce();
    expect(await site.findings(next)).toEqual([]);
  }, 60_000);

  it('a history whose process stopped behind the link is imported when the command is given again', async () => {
    await importMembers(MEMBERS);
    site.double.faults.appendsUntilDeath = 0;
    await expect(history(first)).rejects.toThrow();
    expect(site.events('TrajectoryLinked')).toHaveLength(1);
    expect(site.events('HistoryImported')).toHaveLength(0);
    await site.double.restart();
    const next = await site.process();
    expect(await history(next)).toMatchObject({ outcome: 'done', changed: true });
    expect(site.events('HistoryImported')).toHaveLength(1);
    closedOnce();
    expect(await site.findings(next)).toEqual([]);
  }, 60_000);

  it('two processes that meet the first line of one trajectory make one trajectory with one effect', async () => {
    await importMembers(MEMBERS);
    const second = await site.process();
    const files = [
      await site.claimFile(
        'odd.pm304',
        lines.filter((_, i) => i % 2 === 0),
      ),
      await site.claimFile(
        'even.pm304',
        lines.filter((_, i) => i % 2 === 1),
      ),
    ];
    const shared = await site.claimFile('shared.pm304', [{ date: '2024-04-08', reference: 'BOTH', csi: '001' }]);
    await Promise.all([first.claims.ingest(files[0] as string, options), second.claims.ingest(files[1] as string, options)]);
    await Promise.all([first.claims.ingest(shared, options), second.claims.ingest(shared, options)]);
    expect(site.events('TrajectoryStarted')).toHaveLength(1);
    expect(site.events('TrajectoryLinked')).toHaveLength(1);
    expect(site.events('SessionDeclared')).toHaveLength(11);
    expect((await site.person(first)).decisions.size).toBe(11);
    // Where they met, one may have booked what it saw of the other's; still each closes once.
    const commands = [...site.events('SessionDeclared'), ...site.events('PersonRegistered')].map(({ command }) => command);
    expect(site.closed().sort()).toEqual([...new Set(commands)].sort());
    expect(await site.findings(second)).toEqual([]);
  });
});

describe('Closed code on EventStoreDB (the protocol double)', () => {
  it('a remap that was stopped before the absorption is finished, and the lines are one count', async () => {
    await importMembers(MEMBERS);
    const old = weekly('2024-01-08', 3).map((date, i) => ({ date, reference: `A-${i}`, csi: '008', diagnosis: '9376' }));
    const later = weekly('2024-07-08', 2).map((date, i) => ({ date, reference: `B-${i}`, csi: '008', diagnosis: '3176' }));
    await first.claims.ingest(await site.claimFile('both.pm304', [...old, ...later]), options);
    const give = async (process: Process): Promise<CommandResult> =>
      process.commands.execute(
        new RemapDiagnosis(
          { personId: await site.personId(process), commandId: commandIdFrom('test', 'remap'), actor: 'test' },
          { from: '9376', to: '3176', effectiveDate: '2024-07-01', reason: 'code closed on 1 July 2024', absorb: true },
        ),
      );
    site.double.faults.appendsUntilDeath = 0;
    await expect(give(first)).rejects.toThrow();
    await site.double.restart();
    const next = await site.process();
    expect(await give(next)).toMatchObject({ outcome: 'done', changed: true });
    expect(site.events('TrajectoryAbsorbed')).toHaveLength(1);
    const positions = [...(await site.person(next)).decisions.values()].map((each) => each.units[0]?.position).sort();
    expect(positions).toEqual([1, 2, 3, 4, 5]);
    closedOnce();
    expect(await site.findings(next)).toEqual([]);
  }, 60_000);
});
