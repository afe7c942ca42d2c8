/** Previews and runs a campaign in this process, and writes what is to be paid by it. */
import { candidateCodes, type Campaign, type CampaignPerson, type NotPreviewed, type RunEnd } from '#libs/dossiers';
import type { CausedPaymentChanges, PersonId } from '#libs/trajectory';
import { EXIT } from '../exit-codes';
import { PAYMENT_LINES, writeSpecifications } from '../output/specifications';
import type { Terminal } from '../output/terminal';
import { readModelsLibrary, tellParked, type ReadModels } from '../read-models';
import type { Session } from '../session';
import { printCampaign, printProgress } from './print-campaign';

const NOT_PREVIEWED: Readonly<Record<NotPreviewed, string>> = {
  decided: 'it was decided before, and its preview stays as it is',
  busy: 'another process is at it',
  interrupted: 'it was interrupted; `campaign preview` goes on with it',
};

export async function previewCampaign(session: Session, terminal: Terminal, { campaignId, source }: Campaign): Promise<void> {
  const { campaignCandidates, openReadModels } = await readModelsLibrary();
  const readModels = await openReadModels({ url: session.database.url, poolSize: 2 });
  try {
    if (source.kind !== 'undo') await untilWholeFor(campaignId, session, readModels, terminal);
    const progress = terminal.progress('Looking', 'persons');
    const candidates = (): AsyncIterable<PersonId> =>
      campaignCandidates(readModels, candidateCodes(source)) as AsyncIterable<PersonId>;
    const shown = await session.campaigns.preview(campaignId, candidates, {
      onProgress: (looked) => progress.update(looked, null),
    });
    progress.end();
    if (typeof shown === 'string') return refuse(terminal, NOT_PREVIEWED[shown]);
    await recordCampaignRead(session, 'campaign-outliers', campaignId, shown.outliers);
    terminal.value(shown);
    printCampaign(terminal, shown.campaign, shown);
    terminal.line(
      `Nothing was changed. Another person approves it: traject campaign approve ${campaignId} --digest ${shown.campaign.digest ?? ''}`,
    );
    process.exitCode = EXIT.waiting;
    await tellParked(readModels, terminal);
  } finally {
    await readModels.destroy();
  }
}

/** Whom it is about, the read models know: who is missing there would be left out unseen. */
async function untilWholeFor(
  campaignId: string,
  { runtime }: Session,
  readModels: ReadModels,
  terminal: Terminal,
): Promise<void> {
  try {
    const { untilWhole } = await readModelsLibrary();
    await untilWhole(runtime.store, readModels);
  } catch (error) {
    terminal.problem(`the campaign is kept and not previewed yet; \`traject campaign preview ${campaignId}\` does it`);
    throw error;
  }
}

const ENDS: Readonly<Record<Exclude<RunEnd, 'done' | 'waiting'>, string>> = {
  paused: 'it was paused; `campaign resume` goes on',
  interrupted: 'it was interrupted; `campaign resume` goes on',
  stopped: 'it was stopped',
  busy: 'another process is at it',
  'not-approved': 'nobody has approved it yet',
  ended: 'it has ended; nothing was done again',
  unknown: 'there is no such campaign',
};

/** As whoever asks has read it: what another one has let go on meanwhile is not let go on once more. */
export async function runCampaign(session: Session, terminal: Terminal, { campaignId, status }: Campaign): Promise<void> {
  const bar = terminal.progress('Booking', 'persons');
  const report = await session.campaigns.run(
    campaignId,
    { onProgress: ({ booked, exceptions, toDo }) => bar.update(booked + exceptions, booked + exceptions + toDo) },
    status,
  );
  bar.end();
  terminal.value(report);
  const { end, campaign, progress } = report;
  if (progress !== null) printProgress(terminal, progress);
  if (end === 'done') terminal.line('done');
  else if (end === 'waiting') terminal.line('the canary is booked; look at it, then `campaign resume` books the rest');
  else if (end === 'ended' && campaign?.status === 'done') terminal.line('it is done; nothing was done again');
  else terminal.problem(`${ENDS[end]}${campaign?.remark == null ? '' : `: ${campaign.remark}`}`);
  const isDone = end === 'done' || (end === 'ended' && campaign?.status === 'done');
  process.exitCode = isDone ? EXIT.ok : end === 'waiting' || end === 'paused' ? EXIT.waiting : EXIT.refused;
}

/** In several files where there is much: a run may move more grants than are held at once. */
export async function writeCampaignPayments(session: Session, id: string, folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  let held: CausedPaymentChanges[] = [];
  const write = async (): Promise<void> => {
    paths.push(...(await writeSpecifications(session, folder, { id, part: paths.length / 2 + 1 }, held.splice(0))));
  };
  let lines = 0;
  for await (const changes of session.campaigns.payments(id)) {
    held.push(...changes);
    lines += changes.reduce((sum, each) => sum + each.changes.length, 0);
    if (lines < PAYMENT_LINES) continue;
    await write();
    [held, lines] = [[], 0];
  }
  await write();
  return paths;
}

/** Persons of a campaign are about to be shown; before anything of them is printed. */
export const recordCampaignRead = (
  { runtime }: Session,
  event: string,
  campaignId: string,
  persons: readonly CampaignPerson[],
): Promise<void> =>
  runtime.access.record(
    { event, action: 'read', object: `campaign/${campaignId}`, persons: persons.map(({ personId }) => personId) },
    'success',
  );

export function refuse(terminal: Terminal, problem: string): void {
  terminal.problem(problem);
  process.exitCode = EXIT.refused;
}
