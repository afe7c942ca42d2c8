/** What waits for a second person: shown, approved, rejected. */
import type { Command } from 'commander';
import type { AccessAction, Access } from '#libs/access-log';
import { personsOf, type ApprovalOutcome, type Proposal, type ProposalStatus } from '#libs/dossiers';
import { objectNamed } from '../access';
import { commandLineActor } from '../corrections/correct';
import { movedBy } from '../corrections/from-file';
import { writePayments } from '../corrections/payments';
import { printPreview } from '../corrections/print-preview';
import { EXIT } from '../exit-codes';
import { UsageError } from '../errors';
import { Terminal } from '../output/terminal';
import { openSession, type Session } from '../session';

const PAGE = 100;
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function addProposals(program: Command): void {
  const proposals = program.command('proposals').description('corrections that wait for a second person');
  proposals
    .command('list')
    .option('--status <status>', 'open, approved, booked, stale or rejected', 'open')
    .option('--json', 'print the result as JSON')
    .action(({ status, json }: { status: string; json?: boolean }) =>
      withSession(json, async (session, terminal) => {
        const all: Proposal[] = [];
        for (let after: string | null = null; ;) {
          const page = await session.proposals.list(statusOf(status), PAGE, after);
          all.push(...page.proposals);
          if (page.next === null) break;
          after = page.next;
        }
        await session.runtime.access.record(
          { event: 'list-proposals', action: 'read', object: 'proposals', persons: all.flatMap(personsOf) },
          'success',
        );
        terminal.value({ proposals: all });
        terminal.table(
          ['proposal', 'kind', 'person', 'by', 'since', 'because of'],
          all.map((each) => [
            ...[each.proposalId, each.kind, each.personId, each.proposedBy, each.proposedAt.slice(0, 16)],
            each.needsApproval.map(({ code }) => code).join(', '),
          ]),
        );
      }),
    );
  proposals
    .command('show')
    .argument('<id>')
    .option('--json', 'print the result as JSON')
    .action((id: string, { json }: { json?: boolean }) =>
      withSession(json, async (session, terminal) => {
        const proposal = await session.proposals.read(idOf(id));
        await session.runtime.access.record(
          accessTo('show-proposal', 'read', idOf(id), proposal),
          proposal === null ? 'refused' : 'success',
        );
        if (proposal === null) throw new UsageError('there is no such proposal');
        // of an approved one a part may be booked: what is left of it is no answer to what it would do
        const now = proposal.status === 'open' ? await session.proposals.preview(proposal) : null;
        terminal.value({ proposal, now });
        terminal.line(`${proposal.kind}, ${proposal.status}, proposed by ${proposal.proposedBy} on ${proposal.proposedAt}`);
        if (proposal.status === 'approved')
          terminal.line(`it is agreed to and not finished; approve it once more with --effects ${proposal.effects} to finish it`);
        if (now === null) return;
        if (now.outcome === 'refused')
          for (const { field, problem } of now.refusals) terminal.problem(`it is refused now: ${field}: ${problem}`);
        else {
          printPreview(terminal, now.preview);
          if (now.preview.digest !== proposal.effects) terminal.problem(`it is stale: ${proposal.effects} was proposed`);
        }
      }),
    );
  proposals
    .command('approve')
    .argument('<id>')
    .requiredOption('--effects <digest>', 'digest of the effects that you agree to, as `proposals show` prints it')
    .option('--payments-to <dir>', 'folder for the payment specifications', '.')
    .option('--json', 'print the result as JSON')
    .action((id: string, { effects, paymentsTo, json }: { effects: string; paymentsTo: string; json?: boolean }) =>
      withSession(json, async (session, terminal) => {
        const proposalId = idOf(id);
        const outcome = await session.runtime.access.change(
          accessTo('approve-proposal', 'change', proposalId, await session.proposals.read(proposalId)),
          () => session.proposals.approve(proposalId, commandLineActor(), effects),
          (done) => (done.outcome === 'booked' ? 'success' : done.outcome === 'own' ? 'denied' : 'refused'),
        );
        const payments = await writePayments(session, paymentsTo, [
          { id, moved: 'result' in outcome ? movedBy(outcome.result) : [] },
        ]);
        terminal.value({ outcome: outcome.outcome, payments });
        if (outcome.outcome === 'booked') terminal.line('booked, exactly as it was proposed');
        else terminal.problem(whyNot(outcome));
        for (const path of payments) terminal.line(`payment specifications: ${path}`);
        process.exitCode = outcome.outcome === 'booked' ? EXIT.ok : EXIT.refused;
      }),
    );
  proposals
    .command('reject')
    .argument('<id>')
    .requiredOption('--remark <text>', 'why; names no person')
    .option('--json', 'print the result as JSON')
    .action((id: string, { remark, json }: { remark: string; json?: boolean }) =>
      withSession(json, async (session, terminal) => {
        const proposalId = idOf(id);
        const { outcome } = await session.runtime.access.change(
          accessTo('reject-proposal', 'change', proposalId, await session.proposals.read(proposalId)),
          () => session.proposals.reject(proposalId, commandLineActor(), remark),
          (done) => (done.outcome === 'rejected' ? 'success' : 'refused'),
        );
        terminal.value({ outcome });
        if (outcome === 'rejected') terminal.line('rejected');
        else terminal.problem(outcome === 'unknown' ? 'there is no such proposal' : 'it was decided before');
        process.exitCode = outcome === 'rejected' ? EXIT.ok : EXIT.refused;
      }),
    );
}

async function withSession(
  json: boolean | undefined,
  run: (session: Session, terminal: Terminal) => Promise<void>,
): Promise<void> {
  const session = await openSession('proposals');
  try {
    await run(session, new Terminal(json === true));
  } finally {
    await session.close();
  }
}

/** Nobody's, where there is no such proposal. */
const accessTo = (event: string, action: AccessAction, proposalId: string, proposal: Proposal | null): Access => ({
  ...{ event, action, object: objectNamed('proposal', proposalId) },
  persons: proposal === null ? [] : personsOf(proposal),
});

function idOf(text: string): string {
  if (!ID.test(text)) throw new UsageError('a proposal has a UUID; see `traject proposals list`');
  return text.toLowerCase();
}

function statusOf(text: string): ProposalStatus {
  const known: readonly ProposalStatus[] = ['open', 'approved', 'booked', 'stale', 'rejected'];
  const status = known.find((each) => each === text);
  if (status === undefined) throw new UsageError(`--status: give one of ${known.join(', ')}`);
  return status;
}

function whyNot(outcome: Exclude<ApprovalOutcome, { outcome: 'booked' }>): string {
  switch (outcome.outcome) {
    case 'own':
      return 'you proposed it yourself; another person has to approve it';
    case 'decided':
      return `it is ${outcome.proposal.status} already`;
    case 'other-effects':
      return `those effects were not proposed; look at it again (it proposes ${outcome.proposal.effects})`;
    case 'stale':
      return 'it is stale: it would do something else now, or is refused; nothing was booked. Preview the correction and propose it again';
    case 'unknown':
      return 'there is no such proposal';
  }
}
