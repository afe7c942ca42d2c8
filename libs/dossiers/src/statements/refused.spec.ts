import type { StatementId } from '#libs/trajectory';
import type { CommandResult } from '../command-result';
import type { DebitLine } from '../declare-claim-lines/claim-line';
import { commandId, debit, declare, give, personId, Policies, recordSwitch, register, remap } from '../testing/commands';
import type { GivenStatement } from '../testing/commands';
import { InMemoryEventStore } from '../testing/in-memory-event-store';
import { idOf, refusalsOf, statementsOf } from '../testing/statements';

const person = personId('one');
const policies = new Policies();
const state = statementsOf(person);
const NEVER_MADE = commandId('no statement') as string as StatementId;

/** The person's trajectories, by the code and indication code of a line. */
const LINES: readonly DebitLine[] = [
  debit(1, '2024-01-08', '3038', '001'), // whiplash: three months, an extension, new episodes
  debit(2, '2024-01-09', '9373', '008'), // spinal cord or multiple sclerosis: open
  debit(3, '2024-01-10', '2554', '014'), // COPD, with classes
  debit(4, '2018-03-12', '2554', '008'), // the same code while it stood in Annex 1
  { ...debit(5, '2024-01-11', '6486', '010'), performance: '1600' }, // pelvic
  debit(6, '2024-01-12', '6223', '012'), // osteoarthritis of the hip
  debit(7, '2024-01-15', '9248', '011'), // walking complaints
  debit(8, '2024-01-16', '6201', '008'), // after discharge
  debit(9, '2024-01-17', '7022', '009'), // no entitlement
  debit(10, '2024-01-18', '9376', '008'), // a closed code
];

const whiplash = { diagnosis: '3038' };
const copd = { diagnosis: '2554', regime: 'copd' } as const;
const consent = { diagnosis: '3038', number: 'M-1', from: '2024-01-01', through: '2024-12-31', maximum: 10 };

type Case = readonly [what: string, command: GivenStatement, refusals: readonly string[]];
const REFUSED: readonly Case[] = [
  // the trajectory
  ['a code that is none', state.condition({ diagnosis: '303', item: '1.b.16' }), ['diagnosis-invalid diagnosis']],
  ['no such trajectory', state.condition({ diagnosis: '4021', item: '1.b.7' }), ['trajectory-unknown diagnosis']],
  [
    'no trajectory of that regime',
    state.condition({ diagnosis: '3038', regime: 'copd', item: '1.b.16' }),
    ['trajectory-unknown regime'],
  ],
  ['a code of two regimes', state.careClass({ diagnosis: '2554', from: '2024-02-01', class: 'B2' }), ['regime-ambiguous regime']],
  // the evidence
  [
    'evidence that says nothing',
    state.extension({ ...whiplash, source: ' ', statedBy: '', document: { reference: '' } }),
    ['evidence-missing source', 'evidence-missing statedBy', 'document-missing document.reference'],
  ],
  ['a date that does not exist', state.extension({ ...whiplash, statedOn: '2024-02-30' }), ['date-invalid statedOn']],
  ['a document of tomorrow', state.extension({ ...whiplash, statedOn: '2025-01-16' }), ['date-in-future statedOn']],
  // clinical facts
  ['facts that state nothing', state.clinicalFacts({ ...whiplash, item: '1.b.16' }), ['nothing-stated ']],
  [
    'facts on days that do not exist or are yet to come, all at once',
    state.clinicalFacts({ ...whiplash, diagnosedOn: '2023-13-01', dischargedOn: '2199-01-01', episodeFrom: 'soon' }),
    ['date-invalid diagnosedOn', 'date-in-future dischargedOn', 'date-invalid episodeFrom'],
  ],
  [
    'facts about an item and an episode that are not there',
    state.clinicalFacts({ ...whiplash, diagnosedOn: '2023-12-01', item: '1.d.5', episodeFrom: '2024-06-01' }),
    ['item-not-of-trajectory item', 'episode-unknown episodeFrom'],
  ],
  // the item
  ['an item that the policy does not know', state.condition({ ...whiplash, item: '1.z.9' }), ['item-unknown item']],
  ['an item that the code does not have', state.condition({ ...whiplash, item: '1.a.2' }), ['item-not-of-trajectory item']],
  ['an item of Annex 1 outside it', state.condition({ diagnosis: '6223', item: '1.d.5' }), ['item-not-of-trajectory item']],
  ['any item without entitlement', state.condition({ diagnosis: '7022', item: '1.d.5' }), ['item-not-of-trajectory item']],
  // the episode
  [
    'an episode that begins tomorrow, by nothing',
    state.newEpisode({ ...whiplash, from: '2025-01-16', event: '' }),
    ['date-in-future from', 'event-missing event'],
  ],
  // the class
  ['a class that COPD does not have', state.careClass({ ...copd, from: '2024-02-01', class: 'D' }), ['class-unknown class']],
  [
    'a class where there are none',
    state.careClass({ ...whiplash, from: '2024-02-01', class: 'B2' }),
    ['condition-without-classes class'],
  ],
  [
    'a class of COPD while it stood in Annex 1',
    state.careClass({ ...copd, regime: 'annex', from: '2018-04-01', class: 'B2' }),
    ['condition-without-classes class'],
  ],
  ['a class from tomorrow', state.careClass({ ...copd, from: '2025-01-16', class: 'B2' }), ['date-in-future from']],
  // the term
  ['an extension where there is none', state.extension({ diagnosis: '9373' }), ['condition-without-extension diagnosis']],
  ['more months than the policy has', state.extension({ ...whiplash, months: 7 }), ['months-invalid months']],
  ['no month', state.extension({ ...whiplash, months: 0 }), ['months-invalid months']],
  ['half a month', state.extension({ ...whiplash, months: 1.5 }), ['months-invalid months']],
  [
    'an extension of an episode that nobody confirmed',
    state.extension({ ...whiplash, episodeFrom: '2024-09-02' }),
    ['episode-unknown episodeFrom'],
  ],
  // the authorisation
  ['no number', state.authorisation({ ...consent, number: '  ' }), ['number-missing number']],
  ['dates the wrong way round', state.authorisation({ ...consent, through: '2023-12-31' }), ['period-reversed through']],
  [
    'dates that do not exist, a maximum below zero',
    state.authorisation({ ...consent, from: '2024-02-30', through: '2024-31-12', maximum: -1 }),
    ['date-invalid from', 'date-invalid through', 'maximum-invalid maximum'],
  ],
  ['half a session', state.authorisation({ ...consent, maximum: 0.5 }), ['maximum-invalid maximum']],
  ['consent to an item of another code', state.authorisation({ ...consent, item: '1.d.5' }), ['item-not-of-trajectory item']],
  // the retraction
  ['a statement that was never made', state.retraction(NEVER_MADE), ['statement-unknown statementId']],
  [
    'a retraction without a reason',
    state.retraction(NEVER_MADE, ' '),
    ['statement-unknown statementId', 'reason-missing reason'],
  ],
];

/** Conditions that know no second episode. */
const ONE_EPISODE: readonly Case[] = [
  ...(
    [
      ['a threshold and an open term', '9373'],
      ['2.6-3', '6486'],
      ['2.6-5', '6223'],
      ['a closed code', '9376'],
      ['no entitlement', '7022'],
    ] as const
  ).map(([what, diagnosis]): Case => [
    `a new episode of ${what}`,
    state.newEpisode({ diagnosis, from: '2024-09-02', event: 'recurrence' }),
    ['episode-refused from'],
  ]),
  ['a new episode of COPD', state.newEpisode({ ...copd, from: '2024-09-02', event: 'recurrence' }), ['episode-refused from']],
];

describe('a statement is refused with code and field, and nothing is recorded', () => {
  let store: InMemoryEventStore;
  const ask = async (command: GivenStatement): Promise<string[]> => refusalsOf(await give(store, policies, command));
  beforeEach(async () => {
    store = new InMemoryEventStore(true);
    await give(store, policies, register(person));
    await give(store, policies, declare('lines', new Map([[person, LINES]])));
  });

  const isRefused = async (command: GivenStatement, refusals: readonly string[]): Promise<void> => {
    const length = store.log.length;
    const answer = (await give(store, policies, command)) as CommandResult;
    expect(refusalsOf(answer)).toEqual(refusals);
    if (answer.outcome === 'refused')
      for (const { problem } of answer.refusals) expect(problem).toMatch(/;|\?|^(give|say|name) /);
    expect(store.log).toHaveLength(length);
  };

  it.each(REFUSED)('%s', async (_what, command, refusals) => isRefused(command, refusals));

  it.each(ONE_EPISODE)('[episode-2] [episode-4] %s', async (_what, command, refusals) => isRefused(command, refusals));

  it('an unknown person', async () => {
    const nobody = statementsOf(personId('nobody'));
    expect(await ask(nobody.extension(whiplash))).toEqual(['person-unknown personId']);
    expect(await ask(nobody.retraction(NEVER_MADE))).toEqual(['person-unknown personId']);
  });

  it('an episode on a day that has one, from another document', async () => {
    const episode = { ...whiplash, from: '2024-09-02', event: 'recurrence' };
    expect(await ask(state.newEpisode(episode))).toEqual(['done']);
    const other = state.newEpisode({ ...episode, document: { reference: 'LETTER-2' } }, 'other');
    expect(await ask(other)).toEqual(['episode-exists from']);
  });

  it('a statement that was retracted before', async () => {
    const extension = state.extension(whiplash);
    expect(await ask(extension)).toEqual(['done']);
    expect(await ask(state.retraction(idOf(extension)))).toEqual(['done']);
    expect(await ask(state.retraction(idOf(extension), 'once more', 'again'))).toEqual(['statement-unknown statementId']);
  });

  it('the retraction of an episode that other statements are about, until those are retracted', async () => {
    const episode = state.newEpisode({ ...whiplash, from: '2024-09-02', event: 'recurrence' });
    const extension = state.extension({ ...whiplash, episodeFrom: '2024-09-02', months: 2 });
    for (const command of [episode, extension]) expect(await ask(command)).toEqual(['done']);
    expect(await ask(state.retraction(idOf(episode)))).toEqual(['episode-in-use statementId']);
    expect(await ask(state.retraction(idOf(extension)))).toEqual(['done']);
    expect(await ask(state.retraction(idOf(episode)))).toEqual(['done']);
  });

  it('[episode-3] but not what is allowed: 2.6-4 and 1.d.5 begin anew, consent may lie ahead, an item may be one of several', async () => {
    const allowed: readonly GivenStatement[] = [
      state.newEpisode({ diagnosis: '9248', from: '2024-09-02', event: 'recurrence' }, 'legs'),
      state.newEpisode({ diagnosis: '6201', from: '2024-09-02', event: 'discharge' }, 'discharged'),
      state.authorisation({ ...consent, from: '2025-02-01', through: null, maximum: null, item: '1.b.16' }),
      state.condition({ diagnosis: '9373', item: '1.a.3' }),
      state.condition({ diagnosis: '9376', item: 'annex-unspecified' }, 'closed'),
      state.careClass({ ...copd, from: '2024-02-01', class: 'B2' }),
      state.clinicalFacts({ diagnosis: '2554', regime: 'annex', item: '1.d.1', diagnosedOn: '2018-01-01' }),
    ];
    for (const command of allowed) expect(await ask(command)).toEqual(['done']);
  });

  it('a trajectory is named by every code of its lineage, and by its item under the new code', async () => {
    await give(store, policies, remap(person, '9376', '3176'));
    for (const diagnosis of ['9376', '3176'])
      expect(await ask(state.condition({ diagnosis, item: '1.a.2', document: { reference: diagnosis } }, diagnosis))).toEqual([
        'done',
      ]);
  });

  it('[switch-2] also where a switch alone has begun the trajectory', async () => {
    await give(store, policies, recordSwitch(person, '3138'));
    expect(await ask(state.extension({ diagnosis: '3138' }))).toEqual(['done']);
  });
});
