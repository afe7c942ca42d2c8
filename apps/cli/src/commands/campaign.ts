/** Campaigns: one cause over very many persons. */
import { readFile, stat } from 'node:fs/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { FIELDS, type Campaign } from '#libs/dossiers';
import { previewCampaign, recordCampaignRead, refuse, runCampaign, writeCampaignPayments } from '../campaigns/carry-out';
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
      if (proposed.outcome === 'kept') return previewCampaign(session, terminal, proposed.campaign);
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
      previewCampaign(session, terminal, await session.campaigns.proposePolicy(orderOf(options))),
    ),
  );
  order(
    campaign.command('undo').description('propose to take back what a campaign has booked, and preview it').argument('<id>'),
  ).action((id: string, options: OrderOptions) =>
    withSession(options, async (session, terminal) => {
      const undo = await session.campaigns.proposeUndo(idOf(id), orderOf(options));
      if (undo === null)
        return refuse(terminal, 'only a campaign over a mapping that is done or stopped can be undone; `campaign stop` ends it');
      return previewCampaign(session, terminal, undo);
    }),
  );
  json(
    campaign.command('preview').description('preview it anew, or go on with a preview that was interrupted').argument('<id>'),
  ).action((id: string, options: Output) =>
    withSession(options, async (session, terminal) => previewCampaign(session, terminal, await known(session, id))),
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
        if (shown !== null) await recordCampaignRead(session, 'campaign-outliers', campaignId, shown.outliers);
        terminal.value({ ...(shown ?? { campaign: current }), progress });
        printCampaign(terminal, current, shown);
        printProgress(terminal, progress);
      }),
  );
  json(campaign.command('exceptions').description('who was left alone, and why').argument('<id>')).action(
    (id: string, options: Output) =>
      withSession(options, async (session, terminal) => {
        const { campaignId } = await known(session, id);
        for await (const page of session.campaigns.exceptions(campaignId)) {
          await recordCampaignRead(session, 'campaign-exceptions', campaignId, page);
          printExceptions(terminal, page);
        }
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
        const seen = await known(session, id);
        const { status } = seen;
        if (name === 'run' && (status === 'waiting' || status === 'paused' || status === 'running'))
          return refuse(terminal, 'it has begun; `campaign resume` goes on with it');
        return runCampaign(session, terminal, seen);
      }),
    );
  json(campaign.command('pause').argument('<id>')).action((id: string, options: Output) =>
    withSession(options, async (session, terminal) => {
      const isPaused = await session.campaigns.pause(idOf(id), commandLineActor());
      tell(terminal, { isPaused }, 'paused; `campaign resume` goes on', 'it is not running');
    }),
  );
  json(
    campaign
      .command('stop')
      .description('end it for good; one that nobody has approved yet is rejected')
      .argument('<id>')
      .requiredOption('--remark <text>', 'why; names no person'),
  ).action((id: string, { remark, ...options }: Output & { remark: string }) =>
    withSession(options, async ({ campaigns }, terminal) => {
      const said = [idOf(id), commandLineActor(), proseOf('--remark', remark)] as const;
      const isStopped = (await campaigns.reject(...said)) || (await campaigns.stop(...said));
      const stopped = 'stopped; what was booked stays booked (`campaign undo` takes it back)';
      tell(terminal, { isStopped }, stopped, 'it has ended before, or there is no such campaign');
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
      if (payments.length === 0) terminal.line('no grant moved');
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

const NOT_APPROVED = {
  own: 'you proposed it yourself; another person has to approve it',
  'other-digest': 'that is not what was previewed last; look at it again with `campaign show`',
  'other-policy': 'another policy version has taken effect since; `campaign preview` looks at it anew',
  decided: 'it was decided before, or its preview has not ended',
  unknown: 'there is no such campaign',
} as const;

/** What became of something that is done or is not. */
function tell(terminal: Terminal, done: Readonly<Record<string, boolean>>, yes: string, no: string): void {
  terminal.value(done);
  if (Object.values(done).every(Boolean)) terminal.line(yes);
  else refuse(terminal, no);
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
