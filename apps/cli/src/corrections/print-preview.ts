import type { Outcome, Preview, ReceivingPreview } from '#libs/dossiers';
import { euros, type Terminal } from '../output/terminal';

/** A preview for people; with --json it was printed whole. */
export function printPreview(terminal: Terminal, preview: Preview): void {
  printEffects(terminal, preview);
  if (preview.receiving !== null) {
    terminal.line(`\nof person ${preview.receiving.personId}, who receives it:`);
    printEffects(terminal, preview.receiving);
  }
  const { needsApproval } = preview;
  if (needsApproval.length > 0) terminal.line(`needs a second person: ${approvalReasons(needsApproval)}`);
  terminal.line(`effects ${preview.digest}`);
}

/** Why a second person must agree, with what moves and the limit. */
export const approvalReasons = (reasons: Preview['needsApproval']): string =>
  reasons.map(({ code, value, limit }) => (limit === null ? code : `${code} (${value ?? ''}, at most ${limit})`)).join(', ');

/** What it does to one person. */
function printEffects(terminal: Terminal, preview: ReceivingPreview | Preview): void {
  terminal.table(
    ['date', 'line', 'code', 'before', 'after'],
    preview.lines.map((each) => [each.date, each.line, each.diagnosis, outcomeText(each.before), outcomeText(each.after)]),
  );
  const { totals, released, warnings, packages } = preview;
  terminal.line(`${preview.lines.length} lines move, ${released.length} of them are released.`);
  terminal.line(
    `basic ${euros(totals.basic)}, supplementary ${euros(totals.supplementary)}, insured ${euros(totals.insured)}, ` +
      `undecided ${euros(totals.undecided)}, refused ${euros(totals.refused)}; ` +
      `to providers ${euros(totals.paidToProvider)}, claimed from the insured ${euros(totals.claimFromInsured)}`,
  );
  for (const each of packages)
    terminal.line(`package ${each.package} of ${each.insurer}, ${each.year}: ${each.sessions} sessions, ${euros(each.cents)}`);
  for (const { text } of warnings) terminal.line(`note: ${text}`);
}

function outcomeText(outcome: Outcome | null): string {
  if (outcome === null) return '-';
  if (outcome.status !== 'decided') return outcome.status;
  const sessions = outcome.sessions.map(({ position, purse }) => `${position ?? '-'} ${purse ?? '-'}`).join(', ');
  if (outcome.overridden === null) return sessions;
  const split = `${euros(outcome.basic)} / ${euros(outcome.supplementary)} / ${euros(outcome.insured)}`;
  return `${sessions}; by hand through ${outcome.overridden.through}: ${split}`;
}
