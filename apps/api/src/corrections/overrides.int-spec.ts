/** A decision set by hand over HTTP: proposed, agreed to by a second person, shown everywhere, and gone after its last day. */
import { CommandBus } from '@nestjs/cqrs';
import type { AccessWriter } from '#libs/access-log';
import { endDueOverrides, verify } from '#libs/dossiers';
import {
  createReadModelsDataSource,
  overriddenTrajectories,
  personsWithLapsesBooked,
  personsWithOverridesBefore,
} from '#libs/read-models';
import type { PersonId } from '#libs/trajectory';
import { declare, registerPerson, type Registered } from '../testing/persons';
import { TestApi, type Answer } from '../testing/test-api';

const anna = { subject: 'clerk-anna', roles: ['corrector', 'reader'] as const };
const bert = { subject: 'clerk-bert', roles: ['approver'] as const };
const because = { reason: 'complaint', note: 'By decision of the complaints board.' };
const inMonths = (months: number): string => {
  const day = new Date();
  day.setUTCMonth(day.getUTCMonth() + months, 15);
  return day.toISOString().slice(0, 10);
};

interface Session {
  readonly reference: string;
  readonly flags: readonly string[];
  readonly split: Readonly<Record<string, number>>;
}
interface Step {
  readonly name: string;
  readonly outcome: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

describe('a decision set by hand', () => {
  let api: TestApi;
  let person: Registered;
  let path: string;
  const endsOn = inMonths(2);
  const correction = () => ({
    kind: 'override-decision',
    input: {
      ...{ practice: person.practice, reference: 'R0002', endsOn },
      split: { basic: 1000, supplementary: 0, insured: 2850 },
    },
  });
  const readModels = () => createReadModelsDataSource({ url: api.url });

  beforeAll(async () => {
    api = await TestApi.start();
    person = await registerPerson(api);
    path = `/v1/persons/${person.personId}/corrections`;
    await declare(
      api,
      person.personId,
      [1, 2, 3].map((nth) => person.line(nth)),
    );
  });
  afterAll(() => api.stop());

  const sessions = async (position: unknown): Promise<{ sessions: readonly Session[]; overrides: readonly object[] }> => {
    const dossier = await api.get(`/v1/persons/${person.personId}/dossier?atLeast=${String(position)}`);
    const [{ trajectoryId } = { trajectoryId: '' }] = dossier.body.trajectories as { trajectoryId: string }[];
    const { body } = await api.get(`/v1/trajectories/${trajectoryId}?atLeast=${String(position)}`);
    return {
      sessions: body.sessions as Session[],
      overrides: (body.trajectory as { overrides: object[] }).overrides,
    };
  };
  const explained = (position: unknown): Promise<Answer> =>
    api.get(`/v1/persons/${person.personId}/decisions/${person.practice}/R0002?atLeast=${String(position)}`);
  const overrideStep = (answer: Answer): Step | undefined =>
    (answer.body.trace as { steps: Step[] }).steps.find(({ name }) => name === 'override');
  /** Cents of the month by purse; all of the lines lie in January 2024. */
  const payerSplit = async (position: unknown): Promise<unknown> => {
    const { body } = await api.get(`/v1/payer-split?from=2024-01&through=2024-01&atLeast=${String(position)}`);
    return body.total;
  };

  let booked: unknown;

  it('waits for a second person, whatever it moves, and is booked when that one agrees', async () => {
    const preview = await api.post(`${path}/preview`, correction(), { key: null, as: anna });
    expect(preview.body).toMatchObject({
      needsApproval: [{ code: 'override' }],
      lines: [{ before: { overridden: null }, after: { rule: 'overridden', overridden: { through: endsOn, insured: 3850 } } }],
    });
    const effects = String(preview.body.digest);
    const proposed = await api.post(path, { ...correction(), ...because, effects }, { as: anna });
    expect([proposed.status, proposed.body.status]).toEqual([202, 'open']);
    const address = `/v1/proposals/${String(proposed.body.proposalId)}/approval`;
    expect((await api.post(address, { effects }, { key: null, as: { ...anna, roles: ['approver'] } })).status).toBe(403);
    const approved = await api.post(address, { effects }, { key: null, as: bert });
    expect(approved.status).toBe(200);
    booked = approved.body.position;
  });

  it('is shown with its line: in the trajectory, in the dossier as known, and in the payer split', async () => {
    const shown = await sessions(booked);
    expect(shown.overrides).toMatchObject([
      { reference: 'R0002', endsOn, setBy: 'clerk-anna', approvedBy: 'clerk-bert', reason: 'complaint', code: null },
    ]);
    expect(shown.sessions.map(({ flags, split }) => [flags.includes('overridden'), split.basic, split.insured])).toEqual([
      [false, 0, 3850],
      [true, 1000, 2850],
      [false, 0, 3850],
    ]);
    const known = await api.get(`/v1/persons/${person.personId}/dossier-as-known`);
    expect(known.body.trajectories).toMatchObject([
      {
        overrides: [{ reference: 'R0002', endsOn }],
        sessions: [{}, { flags: ['overridden'], decision: { basic: 1000, overridden: { through: endsOn, insured: 3850 } } }, {}],
      },
    ]);
    expect(await payerSplit(booked)).toMatchObject({ basic: 1000, insured: 2 * 3850 + 2850 });
  });

  it('is explained: who set it when, until when, and what would be decided without, in both languages', async () => {
    const answer = await explained(booked);
    expect(overrideStep(answer)).toMatchObject({
      outcome: 'overridden',
      facts: {
        ...{ through: endsOn, setBy: 'clerk-anna', approvedBy: 'clerk-bert', reason: 'complaint' },
        ...{ derivedStatus: 'decided', derivedRule: 'within-threshold', derivedInsured: 3850 },
      },
    });
    expect(answer.body.sentences).toMatchObject({
      en: {
        decision: `Set by hand through ${endsOn}: basic pays 10.00, the insured pays 28.50. Without it: the insured pays 38.50.`,
      },
      nl: {
        decision: `Handmatig vastgesteld tot en met ${endsOn}: basis betaalt 10.00, de verzekerde betaalt 28.50. Zonder dat: de verzekerde betaalt 38.50.`,
      },
    });
  });

  it('is refused of a line that has one, and by its form, with the field', async () => {
    const other = { ...correction(), input: { ...correction().input, endsOn: inMonths(3) } };
    const refused = await api.post(`${path}/preview`, other, { key: null, as: anna });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([422, expect.stringContaining('override-in-effect')]);
    const badForm = { ...correction(), input: { ...correction().input, split: { basic: 1.5, supplementary: 0, insured: 0 } } };
    const malformed = await api.post(`${path}/preview`, badForm, { key: null, as: anna });
    expect([malformed.status, JSON.stringify(malformed.body)]).toEqual([400, expect.stringContaining('/input/split/basic')]);
  });

  it('after its last day the daily run gives the derived decision back, once, and the books add up', async () => {
    const { context } = api.runtime;
    const source = await readModels().initialize();
    try {
      // the day after, for everything that asks this context what day it is
      Object.assign(context, { now: () => new Date(Date.parse(`${endsOn}T12:00:00Z`) + 86_400_000) });
      const listed = [];
      for await (const each of overriddenTrajectories(source)) listed.push(...each.overrides);
      expect(listed).toMatchObject([{ reference: 'R0002', endsOn, setBy: 'clerk-anna' }]);
      const overdue = await verify(api.runtime.store, context.policies, undefined, context.today());
      expect(overdue.findings.map(({ kind }) => kind)).toEqual(['override-overdue']);
      const run = () =>
        endDueOverrides(
          context,
          api.app.get(CommandBus, { strict: false }),
          context.access as AccessWriter,
          personsWithOverridesBefore(source, context.today()) as AsyncIterable<PersonId>,
          'daily',
        );
      expect(await run()).toMatchObject({ persons: 1, ended: 1, refused: [] });
      expect(await run()).toMatchObject({ persons: 0, ended: 0 });
    } finally {
      Object.assign(context, { now: () => new Date() });
      await source.destroy();
    }
    const { rows } = await api.runtime.pool.query<{ position: string }>(
      `select max(metadata->>'commandId') as position from eventstore.events where type = 'OverrideEnded.v1' having count(*) = 1`,
    );
    expect(rows).toHaveLength(1);
    const declared = await declare(api, person.personId, [person.line(4)]);
    const { sessions: after, overrides } = await sessions(declared.body.position);
    expect(overrides).toEqual([]);
    expect(after.map(({ flags, split }) => [flags.includes('overridden'), split.insured])).toEqual(
      [1, 2, 3, 4].map(() => [false, 3850]),
    );
    const answer = await explained(declared.body.position);
    expect([overrideStep(answer)?.outcome, answer.body.booked]).toEqual([
      'does-not-apply',
      { basic: 0, supplementary: 0, insured: 3850, paidToProvider: 3850, claimFromInsured: 3850 },
    ]);
    expect(answer.body.known).toMatchObject([{ rule: 'within-threshold' }, { rule: 'overridden' }, { rule: 'within-threshold' }]);
    expect(await payerSplit(declared.body.position)).toMatchObject({ basic: 0, insured: 4 * 3850 });
    const { findings } = await verify(api.runtime.store, api.runtime.context.policies, undefined, inMonths(12));
    expect(findings).toEqual([]);
    const source2 = await readModels().initialize();
    try {
      const today = api.runtime.context.today();
      const persons = [];
      for await (const id of personsWithLapsesBooked(source2, today)) persons.push(id);
      expect(persons).toEqual([person.personId]);
    } finally {
      await source2.destroy();
    }
  });
});
