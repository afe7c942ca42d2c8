/** The stories Switch and Closed code as the back office lives them: over HTTP, by two people, with everything on the access log. */
import { readFile } from 'node:fs/promises';
import { ONE_DAY_PATIENCE_MS, withinOneDutchDay } from '../one-dutch-day';
import type { HttpAnswer } from './api-process';
import { ApiProcess, HttpUser } from './api-process';
import { Story, weekly, type StoryLine } from './story';

const SWITCHED = '111222333';
const CLOSED = '123456782';
const CENTS = 4000;

interface Outcome {
  readonly status: string;
  readonly sessions: readonly { readonly position: number | null; readonly purse: string | null }[];
}
interface Preview {
  readonly digest: string;
  readonly lines: readonly { readonly reference: string; readonly before: Outcome | null; readonly after: Outcome | null }[];
  readonly released: readonly string[];
  readonly totals: Readonly<Record<string, number>>;
  readonly needsApproval: readonly { readonly code: string }[];
}
interface Booked {
  readonly commandId: string;
  readonly position: string;
  readonly decided: {
    readonly releasedLines: readonly string[];
    readonly entries: readonly Readonly<Record<string, number>>[];
  };
  readonly paymentChanges: readonly {
    readonly reference: string;
    readonly grantedBeforeCents: number;
    readonly grantedNowCents: number;
    readonly cause: { readonly id: string };
  }[];
}
type Problem = HttpAnswer<{ readonly type: string; readonly preview?: Preview }>;

// the built server, its projector and the command line beside it
jest.setTimeout(180_000);

describe('two people at the back office', () => {
  let story: Story;
  let api: ApiProcess;
  let [anna, bert, auditor, reader]: HttpUser[] = [];
  const corrections: Booked[] = [];
  const user = (one: HttpUser | undefined): HttpUser => {
    if (one === undefined) throw new Error('nobody has signed in yet');
    return one;
  };

  beforeAll(async () => {
    await withinOneDutchDay();
    story = await Story.open();
    await story.members({
      [SWITCHED]: [
        'member,1970-05-05,V. Voorbeeld,,,,,,,',
        'insurance,,,,3343,,2024-01-01,,,',
        'package,,,,3343,Start,2024-01-01,,,',
        'switch,,,,,,2024-01-01,,9373,7095',
      ],
      [CLOSED]: ['member,1970-05-05,A. Ander,,,,,,,', 'insurance,,,,3343,,2015-01-01,,,'],
    });
    api = await ApiProcess.prepare(story.childEnvironment);
    api.startProjector();
    const address = await api.start();
    anna = new HttpUser(address, await api.signIn('anna', 'corrector', 'approver'));
    bert = new HttpUser(address, await api.signIn('bert', 'approver'));
    auditor = new HttpUser(address, await api.signIn('otto', 'auditor'));
    reader = new HttpUser(address, await api.signIn('rosa', 'reader'));
  }, ONE_DAY_PATIENCE_MS);
  afterAll(async () => {
    await api.close();
    await story.close();
  });

  const personOf = async (bsn: string): Promise<string> => {
    const { body } = await user(anna).post<{ personId: string }>('/v1/persons/lookup', { bsn });
    return body.personId;
  };
  const lines = (dates: readonly string[], prefix: string, line: (i: number) => Partial<StoryLine>): StoryLine[] =>
    dates.map((date, i) => ({ date, reference: `${prefix}-${i + 1}`, ...line(i) }));

  /** Looked at by Anna, proposed by her, refused to her as her own, looked at and agreed to by Bert. */
  async function correctTogether(bsn: string, correction: object): Promise<{ preview: Preview; booked: Booked }> {
    const path = `/v1/persons/${await personOf(bsn)}/corrections`;
    const { status: seen, body: preview } = await user(anna).post<Preview>(`${path}/preview`, correction);
    expect([seen, preview.needsApproval.length > 0]).toEqual([200, true]);
    const asked = { ...correction, reason: 'provider-evidence', note: 'as on the form' };
    const unseen: Problem = await user(anna).post(path, { ...asked, effects: '0'.repeat(64) });
    expect([unseen.status, unseen.body.type, unseen.body.preview]).toEqual([412, 'urn:traject:problem:effects-moved', preview]);
    const proposed = await user(anna).post<{ proposalId: string; status: string }>(path, { ...asked, effects: preview.digest });
    expect([proposed.status, proposed.body.status]).toEqual([202, 'open']);
    const address = `/v1/proposals/${proposed.body.proposalId}`;
    const agreed = { effects: preview.digest };
    const own: Problem = await user(anna).post(`${address}/approval`, agreed);
    expect([own.status, own.body.type]).toEqual([403, 'urn:traject:problem:own-proposal']);
    const { body: shown } = await user(bert).get<{ now: Preview; isStale: boolean }>(address);
    expect(shown).toMatchObject({ now: preview, isStale: false });
    const { status, body: booked } = await user(bert).post<Booked>(`${address}/approval`, agreed);
    expect(status).toBe(200);
    expect((await user(bert).post<Problem['body']>(`${address}/approval`, agreed)).status).toBe(409);
    for (const flow of ['basic', 'supplementary', 'insured', 'paidToProvider', 'claimFromInsured'])
      expect([flow, sumOf(booked.decided.entries, flow)]).toEqual([flow, preview.totals[flow]]);
    corrections.push(booked);
    return { preview, booked };
  }
  const sumOf = (entries: Booked['decided']['entries'], flow: string): number =>
    entries.reduce((sum, each) => sum + (each[flow] ?? 0), 0);
  const after = ({ lines: moved }: Preview): string[] =>
    moved.map(({ after: now }) => now?.sessions.map(({ position, purse }) => `${position} ${purse}`).join() ?? 'none');

  it('Switch: a history of 14 releases 25 held lines: 15 to 17 package, 18 to 20 insured, basic from 21', async () => {
    const dates = weekly('2024-01-08', 25);
    await story.claimFile('switch.pm304', [{ bsn: SWITCHED, lines: lines(dates, 'S', (i) => ({ csi: i < 6 ? '008' : '001' })) }]);
    await story.ingest('switch.pm304');
    const input = {
      ...{ diagnosis: '9373', startedOn: '2023-03-06', count: 14, throughDate: '2023-12-18', scope: 'elsewhere' },
      ...{ previousInsurer: '7095', source: 'treatment history form', statedBy: 'practice 04099999' },
      document: { reference: 'BH-31' },
    };
    const { preview, booked } = await correctTogether(SWITCHED, { kind: 'import-history', input });
    expect(preview.lines.map(({ before }) => before?.status)).toEqual(dates.map(() => 'held'));
    const purse = (position: number): string => (position <= 17 ? 'supplementary' : position <= 20 ? 'insured' : 'basic');
    expect(after(preview)).toEqual(dates.map((_, i) => `${i + 15} ${purse(i + 15)}`));
    expect([preview.totals.supplementary, preview.totals.insured, preview.totals.basic]).toEqual([
      3 * CENTS,
      3 * CENTS,
      19 * CENTS,
    ]);
    expect(booked.decided.releasedLines).toHaveLength(25);
    expect(booked.paymentChanges.every(({ cause }) => cause.id === booked.commandId)).toBe(true);
    expect(booked.paymentChanges.every(({ grantedBeforeCents }) => grantedBeforeCents === 0)).toBe(true);
  });

  it('Closed code: the remap takes back what was charged for 20 lines under the new code, and releases the held ones', async () => {
    const earlier = lines(weekly('2023-01-02', 57), 'A', (i) => ({ diagnosis: '9376', csi: i < 20 ? '008' : '001' }));
    const later = lines(weekly('2024-07-08', 23), 'B', (i) => ({ diagnosis: '3176', csi: i < 20 ? '008' : '001' }));
    await story.claimFile('closed.pm304', [{ bsn: CLOSED, lines: [...earlier, ...later] }]);
    await story.ingest('closed.pm304');
    const input = { from: '9376', to: '3176', effectiveDate: '2024-07-01', reason: 'code list', absorb: true };
    const { preview, booked } = await correctTogether(CLOSED, { kind: 'remap-diagnosis', input });
    expect(preview.lines.map(({ reference }) => reference)).toEqual(later.map(({ reference }) => reference));
    expect(after(preview)).toEqual(later.map((_, i) => `${58 + i} basic`));
    expect(preview.totals.insured).toBe(-20 * CENTS);
    expect(sumOf(booked.decided.entries, 'claimFromInsured')).toBe(preview.totals.claimFromInsured);
    const dossier = await user(anna).get<{ trajectories: { lines: number; absorbedInto: string | null }[] }>(
      `/v1/persons/${await personOf(CLOSED)}/dossier?atLeast=${booked.position}`,
    );
    expect(dossier.body.trajectories.map((each) => [each.lines, each.absorbedInto === null])).toEqual([
      [80, true],
      [0, false],
    ]);
  });

  it('the practice can be told what moved of its grants: over HTTP, and the same by the command line', async () => {
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' }).format(new Date());
    const { body } = await user(reader).get<{ specifications: { cause: { id: string }; lines: object[] }[] }>(
      `/v1/payment-specifications?on=${today}&practice=04012345&atLeast=${corrections.at(-1)?.position}`,
    );
    // the remap moves who pays, and nothing that the practice is granted
    const told = corrections.filter(({ paymentChanges }) => paymentChanges.length > 0);
    expect(body.specifications.map(({ cause, lines: each }) => [cause.id, each.length])).toEqual(
      told.map(({ commandId, paymentChanges }) => [commandId, paymentChanges.length]),
    );
    const { payments } = await story.json<{ payments: string[] }>(['payments', '--on', today, '--to', story.folder]);
    expect(payments).toHaveLength(2);
    const file = payments.find((path) => path.endsWith('.json')) ?? '';
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(body.specifications);
  });

  it('every cent tells who agreed to it', async () => {
    const { body } = await user(anna).get<{ decision: { cause: object } }>(
      `/v1/persons/${await personOf(SWITCHED)}/decisions/04012345/S-7`,
    );
    const cause = { type: 'ImportHistory', actor: 'anna', reason: 'provider-evidence', approvedBy: 'bert' };
    expect(body.decision.cause).toMatchObject(cause);
  });

  it('who looked and who changed is on the access log, in order', async () => {
    const path = `/v1/persons/${await personOf(SWITCHED)}/access-log?limit=500`;
    const { body } = await user(auditor).get<{ items: { event: string; action: string; outcome: string; user: string }[] }>(path);
    const seen = body.items
      .filter((each) => ['anna', 'bert'].includes(each.user))
      .map((each) => `${each.user} ${each.event} ${each.outcome}`);
    expect(seen).toEqual([
      'anna person-lookup success',
      'anna preview-correction success',
      // effects that nobody was shown
      'anna correct attempted',
      'anna correct refused',
      'anna correct attempted',
      'anna correct success',
      'anna approve-proposal attempted',
      'anna approve-proposal denied',
      'bert show-proposal success',
      'bert approve-proposal attempted',
      'bert approve-proposal success',
      // once more
      'bert approve-proposal attempted',
      'bert approve-proposal refused',
      'anna person-lookup success',
      'anna explain success',
      'anna person-lookup success',
    ]);
    await story.verifyIsClean();
  });

  it('the same correction on the command line tells again what became of its proposal, and does nothing again', async () => {
    const personId = await personOf(SWITCHED);
    const corrected = async (endsOn: string): Promise<[number | null, string]> => {
      const split = { basic: 0, supplementary: 0, insured: CENTS };
      const input = { practice: '04012345', reference: 'S-7', split, endsOn };
      const { code, stdout, stderr } = await story.run([
        ...['override-decision', '--person', personId, '--reason', 'complaint', '--key', 'S-7-by-hand'],
        ...['--input', JSON.stringify(input), '--payments-to', story.folder],
      ]);
      return [code, stdout + stderr];
    };
    const ends = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
    const waits = [
      5,
      expect.stringMatching(/waits for a second person as proposal [0-9a-f-]{36}: override; nothing was changed/),
    ];
    expect(await corrected(ends)).toEqual(waits);
    expect(await corrected(ends)).toEqual(waits);
    expect(await corrected(`${Number(ends.slice(0, 4)) + 1}${ends.slice(4)}`)).toEqual([
      3,
      expect.stringMatching(/this key was used for another correction, proposal/),
    ]);
    const open = await user(bert).get<{ proposals: { proposalId: string; effects: string }[] }>('/v1/proposals?status=open');
    const [proposal] = open.body.proposals;
    const { effects, proposalId } = proposal ?? { effects: '', proposalId: '' };
    expect((await user(bert).post(`/v1/proposals/${proposalId}/approval`, { effects })).status).toBe(200);
    expect(await corrected(ends)).toEqual([0, expect.stringMatching(/was done before; nothing was done again/)]);
  });

  it('a rejected one is said to be rejected, by whom and why', async () => {
    const personId = await personOf(SWITCHED);
    const split = { basic: 0, supplementary: 0, insured: CENTS };
    const endsOn = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
    const asked = (): ReturnType<Story['run']> =>
      story.run([
        ...['override-decision', '--person', personId, '--reason', 'complaint', '--key', 'S-8-by-hand'],
        ...['--input', JSON.stringify({ practice: '04012345', reference: 'S-8', split, endsOn }), '--payments-to', story.folder],
      ]);
    expect((await asked()).code).toBe(5);
    const open = await user(bert).get<{ proposals: { proposalId: string }[] }>('/v1/proposals?status=open');
    const path = `/v1/proposals/${open.body.proposals[0]?.proposalId ?? ''}/rejection`;
    expect((await user(bert).post(path, { remark: 'it stays as it is' })).status).toBe(200);
    const again = await asked();
    expect([again.code, again.stderr]).toEqual([
      3,
      expect.stringMatching(/was rejected by bert \(it stays as it is\); give it anew/),
    ]);
  });
});
