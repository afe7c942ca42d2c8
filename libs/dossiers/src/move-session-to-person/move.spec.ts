/** A line moved to another person: what both are shown and booked, what is declared or credited of it afterwards, and what refuses it. */
import { foldPerson, lineKey, type PersonFold, type PersonId, type TrajectoryId } from '#libs/trajectory';
import type { ClaimLine } from '../declare-claim-lines/claim-line';
import type { PersonLinesResult } from '../declare-claim-lines/command';
import type { Review } from '../person/command';
import { loadPersons } from '../person/load';
import { previewOf } from '../preview/preview';
import type { Preview } from '../preview/shape';
import {
  base,
  contextOf,
  credit,
  debit,
  declare,
  give,
  personId,
  Policies,
  PRACTICE,
  register,
  remap,
} from '../testing/commands';
import { InMemoryEventStore } from '../testing/in-memory-event-store';
import { refusalsOf } from '../testing/statements';
import { MoveSession } from '../move-session/command';
import { MoveSessionToPerson, type SessionMoveToPerson } from './command';
import { MoveSessionToPersonHandler } from './handler';

const policies = new Policies();
const [wrong, right] = [personId('wrong'), personId('right')];
const line = lineKey(PRACTICE, 'R-2');
const second = debit(2, '2024-01-02', '9373', '008');
const OTHER = [{ code: 'effects-moved', field: 'effects', problem: 'test' }];

describe.each([
  ['with transactions', true],
  ['without transactions over streams', false],
])('a session that is moved to another person, on a store %s', (_name, atomic) => {
  let store: InMemoryEventStore;
  let given: number;
  const send = async (person: PersonId, ...lines: readonly ClaimLine[]): Promise<string[]> => {
    given += 1;
    const answer = await give(store, policies, declare(`file ${given}`, new Map([[person, lines]])));
    const [result] = answer as readonly PersonLinesResult[];
    return (result?.outcomes ?? []).map(({ outcome, codes }) => [outcome, ...codes].join(' '));
  };
  const moveOf = (to: Partial<SessionMoveToPerson> = {}, from = wrong, key = `move ${given}`): MoveSessionToPerson =>
    new MoveSessionToPerson(base(key, from), { practice: PRACTICE, reference: 'R-2', toPerson: right, ...to });
  const move = async (to?: Partial<SessionMoveToPerson>, from?: PersonId): Promise<string[]> => {
    given += 1;
    return refusalsOf(await give(store, policies, moveOf(to, from)));
  };
  const fold = async (person: PersonId): Promise<PersonFold> =>
    foldPerson(person, (await loadPersons(store.asProcess(), [person])).get(person)?.events ?? []);
  const told = async (person: PersonId) =>
    [...(await fold(person)).decisions.values()].map((each) => [each.line.split('/')[1], each.units[0]?.position]).sort();
  /** As another file brings it. */
  const again = (changes: Partial<typeof second> = {}): ClaimLine => ({
    ...second,
    source: { file: 'f-9' as never, record: 1 },
    ...changes,
  });

  beforeEach(async () => {
    given = 0;
    store = new InMemoryEventStore(atomic);
    await give(store, policies, register(wrong, right));
    await send(wrong, ...[1, 2, 3].map((n) => debit(n, `2024-01-0${n}`, '9373', '008')));
    await send(right, debit(9, '2023-12-31', '9373', '008'));
  });

  it('[move-person-1] counts with the other one, with the ages of that person, and no more with the first', async () => {
    const before = store.log.length;
    const command = moveOf();
    const child = contextOf(store, policies, undefined, '2010-01-02');
    expect(await new MoveSessionToPersonHandler(child).execute(command)).toMatchObject({ outcome: 'done', changed: true });
    expect([await told(wrong), await told(right)]).toEqual([
      [
        ['R-1', 1],
        ['R-3', 2],
      ],
      [
        ['R-2', undefined],
        ['R-9', 1],
      ],
    ]);
    const [trajectory] = (await fold(right)).trajectories.values();
    const declared = {
      practice: PRACTICE,
      reference: 'R-2',
      date: '2024-01-02',
      declaredCents: 4000,
      diagnosis: '9373',
      csi: '008',
    };
    expect(trajectory?.sessions.get(line)).toMatchObject({
      ...declared,
      ageYears: 14,
      deductibleAge: false,
      source: { file: 'f-1', record: 2 },
    });
    // 008 under 18
    expect((await fold(right)).decisions.get(line)).toMatchObject({ status: 'invalid', codes: ['8058'] });
    const decided = store.log.slice(before).filter(({ type }) => type === 'PersonDecided.v1');
    expect(decided.map(({ metadata }) => metadata.personId)).toEqual([wrong, right]);
    for (const { data } of decided)
      expect(data).toMatchObject({ cause: { command: command.base.commandId, type: 'MoveSessionToPerson' } });
  });

  it('[move-person-1] counts where a declaration would be stored, or where it is said', async () => {
    await give(store, policies, remap(right, '9373', '9374'));
    await move();
    expect(await told(right)).toEqual([
      ['R-2', 2],
      ['R-9', 1],
    ]);
    await move({ reference: 'R-3', diagnosis: '4021' });
    expect((await fold(right)).decisions.get(lineKey(PRACTICE, 'R-3'))).toMatchObject({ condition: '1.b.7' });
    const named = [...(await fold(right)).trajectories.values()].find(({ diagnosis }) => diagnosis === '4021');
    await move({ reference: 'R-1', trajectory: named?.id as TrajectoryId });
    expect((await fold(right)).decisions.get(lineKey(PRACTICE, 'R-1'))?.trajectory).toBe(named?.id);
  });

  it('[move-person-6] shows both persons what its commit books, under one digest, and always needs a second clerk', async () => {
    let preview: Preview | null = null;
    const look: Review = (effects) => {
      preview = previewOf(effects, '2025-01-15');
      return [];
    };
    const length = store.log.length;
    const shown = moveOf();
    await give(store, policies, new MoveSessionToPerson({ ...shown.base, review: look, isPreview: true }, shown.input));
    expect(store.log).toHaveLength(length);
    const seen = preview as unknown as Preview;
    expect(seen.needsApproval).toEqual([{ code: 'other-person', value: null, limit: null }]);
    expect(seen.lines.map((each) => [each.reference, each.after?.sessions[0]?.position ?? null])).toEqual([
      ['R-2', null],
      ['R-3', 2],
    ]);
    expect(seen.totals.paidToProvider).toBe(-4000);
    expect(seen.receiving).toMatchObject({ personId: right, totals: { paidToProvider: 4000 } });
    expect(seen.receiving?.lines.map((each) => [each.reference, each.before, each.after?.sessions[0]?.position])).toEqual([
      ['R-2', null, 2],
    ]);
    // what comes to the second person changes the digest as well
    await send(right, debit(8, '2024-01-01', '9373', '008'));
    const review: Review = (effects) => (previewOf(effects, '2025-01-15').digest === seen.digest ? [] : OTHER);
    const carriedOut = moveOf({}, wrong, 'agreed');
    const agreed = new MoveSessionToPerson({ ...carriedOut.base, review }, carriedOut.input);
    const before = store.log.length;
    expect(await give(store, policies, agreed)).toEqual({ outcome: 'refused', refusals: OTHER });
    expect(store.log).toHaveLength(before);
    await send(right, credit(1, debit(8, '2024-01-01', '9373', '008')));
    expect(await give(store, policies, agreed)).toMatchObject({ outcome: 'done', receiving: { personId: right } });
  });

  it('[move-person-3] declared again under its reference it is 8067 for both, with other content 8021', async () => {
    await move();
    for (const person of [wrong, right]) {
      expect(await send(person, again())).toEqual(['refused 8067']);
      expect(await send(person, again({ declaredCents: 1, calculatedCents: 1, tariffCents: 1 }))).toEqual(['refused 8021']);
    }
  });

  it('[move-person-4] a credit that names the first person is 8017, one that names the second takes it out', async () => {
    await move();
    expect(await send(wrong, credit(1, second))).toEqual(['refused 8017']);
    expect(await send(right, credit(2, second))).toEqual(['credited']);
    expect(await told(right)).toEqual([['R-9', 1]]);
    expect(await move({ toPerson: wrong }, right)).toEqual(['line-credited reference']);
  });

  it('moved back, and on within the person, all is as it was', async () => {
    const before = await told(wrong);
    await move();
    expect(await move()).toEqual(['line-moved-away reference']);
    expect(await move({ toPerson: wrong }, right)).toEqual(['done']);
    expect(await told(wrong)).toEqual(before);
    expect(await told(right)).toEqual([['R-9', 1]]);
    const within = new MoveSession(base('within', wrong), { practice: PRACTICE, reference: 'R-2', diagnosis: '4021' });
    expect(refusalsOf(await give(store, policies, within))).toEqual(['done']);
    expect(await move()).toEqual(['done']);
    expect((await fold(right)).trajectories.size).toBe(1);
  });

  it('[move-person-5] is refused where the other one has that session, and wherever else it cannot be, with the field', async () => {
    const unborn = contextOf(store, policies, undefined, '2024-01-03');
    const tooYoung = await new MoveSessionToPersonHandler(unborn).execute(moveOf({}, wrong, 'unborn'));
    expect(refusalsOf(tooYoung)).toEqual(['before-birth toPerson']);
    expect(await move({ toPerson: wrong })).toEqual(['same-person toPerson']);
    expect(await move({ toPerson: personId('never registered') })).toEqual(['person-unknown toPerson']);
    expect(await move({ reference: 'R-99' })).toEqual(['line-unknown reference']);
    expect(await move({ diagnosis: '6223' })).toEqual(['code-not-admitted diagnosis']);
    expect(await move({ trajectory: 'none' as TrajectoryId })).toEqual(['trajectory-unknown trajectory']);
    expect(await move({ trajectory: 'none' as TrajectoryId, diagnosis: '9373' })).toContain('target-ambiguous trajectory');
    await send(right, again({ reference: 'R-2b' }));
    const length = store.log.length;
    expect(await move()).toEqual(['session-known-there reference']);
    expect(store.log).toHaveLength(length);
  });
});
