/** Campaigns for people; with --json they are printed whole. */
import type { Campaign, CampaignPerson, CampaignPreview, CampaignProgress } from '#libs/dossiers';
import { euros, type Terminal } from '../output/terminal';

export function printCampaign(terminal: Terminal, campaign: Campaign, shown: CampaignPreview | null): void {
  const { source, status, proposedBy, decidedBy, policy, tolerancePercent, canary, remark } = campaign;
  terminal.line(
    `campaign ${campaign.campaignId}: ${source.kind}, ${status}, by ${proposedBy}${decidedBy === null ? '' : `, approved by ${decidedBy}`}`,
  );
  terminal.line(`${campaign.reason}; policy ${policy.version}, canary ${canary} persons, tolerance ${tolerancePercent} per cent`);
  if (remark !== null) terminal.line(`remark: ${remark}`);
  if (shown === null) return terminal.line('Its preview has not come to its end: `campaign preview` goes on with it.');
  const { totals, outliers } = shown;
  const { cents } = totals;
  terminal.line(
    `${totals.persons} persons, ${totals.trajectories} trajectories, ${totals.lines} lines move, ${totals.released} of them are released.`,
  );
  terminal.line(
    `basic ${euros(cents.basic)}, supplementary ${euros(cents.supplementary)}, insured ${euros(cents.insured)}, ` +
      `undecided ${euros(cents.undecided)}, refused ${euros(cents.refused)}; ` +
      `to providers ${euros(cents.paidToProvider)}, claimed from the insured ${euros(cents.claimFromInsured)}`,
  );
  for (const [code, persons] of Object.entries(totals.leftAlone)) terminal.line(`left alone: ${persons} persons, ${code}`);
  if (outliers.length > 0)
    terminal.table(
      ['most moved', 'lines', 'moved', 'basic', 'insured', 'left alone'],
      outliers.map((each) => [
        ...[
          each.personId,
          each.lines,
          euros(each.centsMoved),
          euros(each.cents.basic),
          euros(each.cents.insured),
          each.code ?? '',
        ],
      ]),
    );
  terminal.line(`digest ${campaign.digest ?? ''}`);
}

export function printProgress(terminal: Terminal, { booked, exceptions, toDo, bookedTotals }: CampaignProgress): void {
  terminal.line(`${booked} persons booked (${euros(bookedTotals.centsMoved)} moved), ${exceptions} exceptions, ${toDo} to do`);
}

/** One line a person as they come: there may be many. With --json, a JSON object a line. */
export function printExceptions(terminal: Terminal, exceptions: readonly CampaignPerson[]): void {
  for (const { personId, status, code, problem } of exceptions)
    if (terminal.json) process.stdout.write(`${JSON.stringify({ personId, status, code, problem })}\n`);
    else terminal.line(`${personId}: ${code ?? ''}: ${problem ?? ''}`);
}
