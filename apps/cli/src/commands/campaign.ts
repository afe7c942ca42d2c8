/** Campaigns: one cause over very many persons. */
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { FIELDS, paymentSpecifications, writePaymentFiles, type Campaign, type RunEnd } from '#libs/dossiers';
import { openReadModels, personsUnderCodes, personsWithTrajectories } from '#libs/read-models';
import type { CausedPaymentChanges, PersonId } from '#libs/trajectory';
import { printCampaign, printExceptions, printProgress } from '../campaigns/print-campaign';
import { commandLineActor } from '../corrections/correct';
import { EXIT } from '../exit-codes';
import { UsageError } from '../errors';
import { Terminal } from '../output/terminal';
import { openSession, type Session } from '../session';
import { requireInputFile } from './input-file';

interface Output {
  readonly json?: boolean;
}
interface OrderOptions extends Output {
  readonly reason: string;
  readonly canary: number;
  readonly tolerance: number;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A mapping is read at once; its own limit is far below and says what to do. */
const MAX_BYTES = 64_000_000;
const LISTED = 100;
/** Lines of payment specifications that are held at once: more of them go into further files. */
const PAYMENT_LINES = 50_000;

export function addCampaign(program: Command): void {
  const campaign = program
    .command('campaign')
    .description('one cause over very many persons: a mapping of codes, or a policy version');
  const json = (command: Command): Command => command.option('--json', 'print the result as JSON');
  const order = (command: Command): Command =>
    json(command)
      .requiredOption('--reason <text>', 'why; goes into the events, names no person')
      .option('--canary <persons>', 'how many persons come first, before somebody lets it go on', wholeNumber, 16)
      .option('--tolerance <per cent>', 'how far what is booked may stay away from what was approved', percentage, 1);

  order(
    campaign
      .command('map')
      .description('propose a mapping file (old_code,new_code,effective_date[,item][,practice]) and preview it')
      .argument('<file>'),
  ).action(async (file: string, options: OrderOptions) => {
    await requireInputFile(file);
    if ((await stat(file)).size > MAX_BYTES) throw new UsageError(`${file}: larger than ${MAX_BYTES} bytes; is it a mapping?`);
    const bytes = await readFile(file);
    await withSession(options, async (session, terminal) => {
      const proposed = await session.campaigns.proposeMapping(bytes, orderOf(options));
      if (proposed.outcome === 'kept') return preview(session, terminal, proposed.campaign);
      terminal.value(proposed);
      for (const { line, column, problem } of proposed.problems)
        terminal.problem(`${file}:${line}: ${column === null ? '' : `${column}: `}${problem}`);
      process.exitCode = EXIT.refused;
    });
  });
  order(
    campaign.command('policy').description('propose to decide everybody anew by the policy version in effect, and preview it'),
  ).action((options: OrderOptions) =>
    withSession(options, async (session, terminal) =>
      preview(session, terminal, await session.campaigns.proposePolicy(orderOf(options))),
    ),
  );
  order(
    campaign.command('undo').description('propose to take back what a campaign has booked, and preview it').argument('<id>'),
  ).action((id: string, options: OrderOptions) =>
    withSession(options, async (session, terminal) => {
      const undo = await session.campaigns.proposeUndo(idOf(id), orderOf(options));
      if (undo === null)
        return refuse(terminal, 'only a campaign over a mapping that is done, stopped, paused or waiting can be undone');
      return preview(session, terminal, undo);
    }),
  );
  json(
    campaign.command('preview').description('preview it anew, or go on with a preview that was interrupted').argument('<id>'),
  ).action((id: string, options: Output) =>
    withSession(options, async (session, terminal) => preview(session, terminal, await known(session, id))),
  );
  json(campaign.command('list')).action((options: Output) =>
    withSession(options, async (session, terminal) => {
      const campaigns = await session.campaigns.list(LISTED);
      terminal.value({ campaigns });
      terminal.table(
        ['campaign', 'kind', 'status', 'by', 'since', 'reason'],
        campaigns.map((each) => [
          ...[each.campaignId, each.source.kind, each.status, each.proposedBy, each.proposedAt.slice(0, 16), each.reason],
        ]),
      );
    }),
  );
  json(campaign.command('show').description('its preview, and how far it has come').argument('<id>')).action(
    (id: string, options: Output) =>
      withSession(options, async (session, terminal) => {
        const { campaignId } = await known(session, id);
        const shown = await session.campaigns.show(campaignId);
        const progress = await session.campaigns.progress(campaignId);
        const current = (await session.campaigns.read(campaignId)) as Campaign;
        terminal.value({ ...(shown ?? { campaign: current }), progress });
        printCampaign(terminal, current, shown);
        printProgress(terminal, progress);
      }),
  );
  json(campaign.command('exceptions').description('who was left alone, and why').argument('<id>')).action(
    (id: string, options: Output) =>
      withSession(options, async (session, terminal) => {
        const { campaignId } = await known(session, id);
        await printExceptions(terminal, session.campaigns.exceptions(campaignId));
      }),
  );
  json(
    campaign
      .command('approve')
      .argument('<id>')
      .requiredOption('--digest <digest>', 'digest of the preview that you agree to, as `campaign show` prints it'),
  ).action((id: string, { digest, ...options }: Output & { digest: string }) =>
    withSession(options, async (session, terminal) => {
      const outcome = await session.campaigns.approve(idOf(id), commandLineActor(), digest);
      terminal.value({ outcome });
      if (outcome === 'approved') terminal.line('approved; `campaign run` carries it out');
      else refuse(terminal, NOT_APPROVED[outcome]);
    }),
  );
  for (const [name, description] of [
    ['run', 'carry out an approved campaign, to the end of its stage'],
    ['resume', 'go on after the canary, after a pause, or after its process was killed'],
  ] as const)
    json(campaign.command(name).description(description).argument('<id>')).action((id: string, options: Output) =>
      withSession(options, async (session, terminal) => {
        const { campaignId, status } = await known(session, id);
        if (name === 'run' && (status === 'waiting' || status === 'paused' || status === 'running'))
          return refuse(terminal, 'it has begun; `campaign resume` goes on with it');
        return run(session, terminal, campaignId);
      }),
    );
  json(campaign.command('pause').argument('<id>')).action((id: string, options: Output) =>
    withSession(options, async (session, terminal) => {
      const isPaused = await session.campaigns.pause(idOf(id), commandLineActor());
      terminal.value({ isPaused });
      if (isPaused) terminal.line('paused; `campaign resume` goes on');
      else refuse(terminal, 'it is not running');
    }),
  );
  json(
    campaign
      .command('stop')
      .description('end it for good')
      .argument('<id>')
      .requiredOption('--remark <text>', 'why; names no person'),
  ).action((id: string, { remark, ...options }: Output & { remark: string }) =>
    withSession(options, async (session, terminal) => {
      const isStopped = await session.campaigns.stop(idOf(id), commandLineActor(), proseOf('--remark', remark));
      terminal.value({ isStopped });
      if (isStopped) terminal.line('stopped; what was booked stays booked (`campaign undo` takes it back)');
      else refuse(terminal, 'it has ended before, or there is no such campaign');
    }),
  );
  json(
    campaign
      .command('payments')
      .description('write the payment specifications of what it has booked')
      .argument('<id>')
      .option('--to <dir>', 'folder', '.'),
  ).action((id: string, { to, ...options }: Output & { to: string }) =>
    withSession(options, async (session, terminal) => {
      const payments = await writeCampaignPayments(session, idOf(id), to);
      terminal.value({ payments });
      for (const path of payments) terminal.line(`payment specifications: ${path}`);
    }),
  );
}

async function withSession({ json }: Output, work: (session: Session, terminal: Terminal) => Promise<void>): Promise<void> {
  const session = await openSession('campaign');
  try {
    await work(session, new Terminal(json === true));
  } finally {
    await session.close();
  }
}

async function preview(session: Session, terminal: Terminal, { campaignId, source }: Campaign): Promise<void> {
  const readModels = await openReadModels({ url: session.database.url, poolSize: 2 });
  const progress = terminal.progress('Looking', 'persons');
  try {
    const candidates = (): AsyncIterable<PersonId> =>
      (source.kind === 'mapping'
        ? personsUnderCodes(readModels, [...new Set(source.rows.map(({ from }) => from))])
        : personsWithTrajectories(readModels)) as AsyncIterable<PersonId>;
    const shown = await session.campaigns.preview(campaignId, candidates, (looked) => progress.update(looked, null));
    progress.end();
    if (shown === null) return refuse(terminal, 'it was decided before, and its preview stays as it is');
    terminal.value(shown);
    printCampaign(terminal, shown.campaign, shown);
    terminal.line(
      `Nothing was changed. Another person approves it: traject campaign approve ${campaignId} --digest ${shown.campaign.digest ?? ''}`,
    );
    process.exitCode = EXIT.waiting;
  } finally {
    await readModels.destroy();
  }
}

const ENDS: Readonly<Record<Exclude<RunEnd, 'done' | 'waiting'>, string>> = {
  paused: 'it was paused; `campaign resume` goes on',
  stopped: 'it was stopped',
  busy: 'another process is at it',
  'not-approved': 'nobody has approved it yet',
  ended: 'it has ended; nothing was done again',
  unknown: 'there is no such campaign',
};

async function run(session: Session, terminal: Terminal, id: string): Promise<void> {
  const bar = terminal.progress('Booking', 'persons');
  const report = await session.campaigns.run(id, ({ booked, exceptions, toDo }) =>
    bar.update(booked + exceptions, booked + exceptions + toDo),
  );
  bar.end();
  terminal.value(report);
  const { end, campaign, progress } = report;
  if (progress !== null) printProgress(terminal, progress);
  if (end === 'done') terminal.line('done');
  else if (end === 'waiting') terminal.line('the canary is booked; look at it, then `campaign resume` books the rest');
  else terminal.problem(`${ENDS[end]}${campaign?.remark == null ? '' : `: ${campaign.remark}`}`);
  process.exitCode = end === 'done' ? EXIT.ok : end === 'waiting' || end === 'paused' ? EXIT.waiting : EXIT.refused;
}

/** In several files where there is much: a run may move more grants than are held at once. */
async function writeCampaignPayments(session: Session, id: string, folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  let held: CausedPaymentChanges[] = [];
  const write = async (): Promise<void> => {
    const specifications = paymentSpecifications(held.splice(0), session.runtime.context.today());
    if (specifications.length === 0) return;
    await mkdir(folder, { recursive: true });
    paths.push(...(await writePaymentFiles(join(folder, `payments-${id.slice(0, 13)}-${paths.length / 2 + 1}`), specifications)));
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

const NOT_APPROVED = {
  own: 'you proposed it yourself; another person has to approve it',
  'other-digest': 'that is not what was previewed last; look at it again with `campaign show`',
  decided: 'it was decided before, or its preview has not ended',
  unknown: 'there is no such campaign',
} as const;

function refuse(terminal: Terminal, problem: string): void {
  terminal.problem(problem);
  process.exitCode = EXIT.refused;
}

function idOf(text: string): string {
  if (!ID.test(text)) throw new UsageError('a campaign has a UUID; see `traject campaign list`');
  return text.toLowerCase();
}

async function known(session: Session, text: string): Promise<Campaign> {
  const campaign = await session.campaigns.read(idOf(text));
  if (campaign === null) throw new UsageError('there is no such campaign; see `traject campaign list`');
  return campaign;
}

const orderOf = ({ reason, canary, tolerance }: OrderOptions) => ({
  reason: proseOf('--reason', reason),
  canary,
  tolerancePercent: tolerance,
  proposedBy: commandLineActor(),
});

function proseOf(option: string, text: string): string {
  const parsed = FIELDS.prose('why').safeParse(text);
  if (!parsed.success) throw new UsageError(`${option}: ${parsed.error.issues[0]?.message ?? 'say why'}`);
  return parsed.data;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('give a whole number of persons; 0 = no canary');
  return Number(text);
}

function percentage(text: string): number {
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(text) || Number(text) > 100)
    throw new InvalidArgumentError('give per cent from 0 to 100, e.g. 1.5');
  return Number(text);
}
