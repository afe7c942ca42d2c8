import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { personsOf, Proposals, type Proposal } from '#libs/dossiers';
import { Accesses } from '../access/accesses.decorator';
import { commandAnswer, type CommandAnswer } from '../commands/command-answer';
import { PersonCommands } from '../commands/person-commands';
import { refused } from '../commands/refused';
import { effectsMoved, proposalOf, shown } from '../corrections/correction-orders';
import { notFound, ProblemError } from '../http/problem';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { CalledBy, type Caller } from '../sign-in/caller';
import {
  proposal,
  proposalApproval,
  proposalList,
  proposalPath,
  proposalQuery,
  proposalRejection,
  proposalShown,
  type ProposalAnswer,
  type ProposalPath,
  type ProposalQuery,
  type ProposalShown,
} from './schema';
import { WhoseProposalGuard } from './whose-proposal.guard';

const PAGE = 50;

interface ProposalPage {
  readonly proposals: ProposalAnswer[];
  readonly next: string | null;
}

/** What waits for a second person. An approval needs no key of its own: a proposal is booked once. */
@ApiTags('Corrections')
@Controller('v1/proposals')
export class ProposalsController {
  constructor(
    private readonly proposals: Proposals,
    private readonly commands: PersonCommands,
  ) {}

  @Get()
  @Accesses({
    ...{ event: 'list-proposals', action: 'read', object: 'proposals' },
    personsIn: ({ proposals }: ProposalPage) => proposals.flatMap(personsOf),
  })
  @CallableBy('corrector', 'approver')
  @ApiOperation({ operationId: 'listProposals', summary: 'Corrections that wait for a second person, the oldest first' })
  @ApiResponse({ status: 200, description: 'A page of the list.', standardSchema: proposalList })
  @Problems(400)
  async list(@Query({ schema: proposalQuery }) { status, limit, after }: ProposalQuery): Promise<ProposalPage> {
    const page = await this.proposals.list(status ?? null, limit ?? PAGE, after ?? null);
    return { proposals: page.proposals.map(proposalOf), next: page.next };
  }

  @Get(':proposalId')
  @Accesses({
    ...{ event: 'show-proposal', action: 'read', object: 'proposal', objectId: 'proposalId' },
    personsIn: ({ proposal: shownOne }: ProposalShown) => personsOf(shownOne),
  })
  @CallableBy('corrector', 'approver')
  @ApiOperation({ operationId: 'showProposal', summary: 'A proposal, and while it is open what it would do now' })
  @ApiResponse({ status: 200, description: 'The proposal.', standardSchema: proposalShown })
  @Problems(400, 404)
  async show(@Param({ schema: proposalPath }) { proposalId }: ProposalPath): Promise<ProposalShown> {
    const found = await this.found(proposalId);
    // of an approved one a part may be booked: what is left of it is no answer to what it would do
    if (found.status !== 'open') return { proposal: proposalOf(found), now: null, isStale: found.status === 'stale' };
    const now = await this.proposals.preview(found);
    if (now.outcome === 'refused') return { proposal: proposalOf(found), now: null, isStale: true };
    return { proposal: proposalOf(found), now: shown(now.preview), isStale: now.preview.digest !== found.effects };
  }

  @Post(':proposalId/approval')
  @UseGuards(WhoseProposalGuard)
  @Accesses({ event: 'approve-proposal', action: 'change', object: 'proposal', objectId: 'proposalId' })
  @CallableBy('approver')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'approveProposal',
    summary: 'Agree to the effects of a proposal: exactly they are booked, or nothing',
  })
  @ApiResponse({ status: 200, description: 'It is booked.', standardSchema: commandAnswer })
  @Problems(400, 403, 404, 409, 412, 413, 415, 422)
  async approve(
    @Param({ schema: proposalPath }) { proposalId }: ProposalPath,
    @Body({ schema: proposalApproval }) { effects }: { effects: string },
    @CalledBy() { subject }: Caller,
  ): Promise<CommandAnswer> {
    const outcome = await this.proposals.approve(proposalId, subject, effects);
    switch (outcome.outcome) {
      case 'unknown':
        throw notFound('proposal');
      case 'own':
        throw new ProblemError(403, 'own-proposal', 'You proposed it yourself; another person has to approve it.');
      case 'decided':
        throw decidedBefore(outcome.proposal);
      case 'other-effects':
        throw new ProblemError(412, 'effects-differ', 'Those effects were not proposed; look at the proposal again.', {
          errors: [{ code: 'effects-differ', in: 'body', pointer: '/effects', problem: 'Not the effects of this proposal.' }],
        });
      case 'stale':
        if (outcome.result.outcome === 'refused') throw refused(outcome.result.refusals, '', outcome.result.undone);
        throw effectsMoved(outcome.result.preview, '/effects');
      case 'booked':
        return this.commands.effectOf(outcome.proposal.personId, outcome.result.commandId);
    }
  }

  @Post(':proposalId/rejection')
  @UseGuards(WhoseProposalGuard)
  @Accesses({ event: 'reject-proposal', action: 'change', object: 'proposal', objectId: 'proposalId' })
  @CallableBy('corrector', 'approver')
  @HttpCode(200)
  @ApiOperation({ operationId: 'rejectProposal', summary: 'Say no to a proposal, or take back your own' })
  @ApiResponse({ status: 200, description: 'It is rejected.', standardSchema: proposal })
  @Problems(400, 404, 409, 413, 415)
  async reject(
    @Param({ schema: proposalPath }) { proposalId }: ProposalPath,
    @Body({ schema: proposalRejection }) { remark }: { remark: string },
    @CalledBy() { subject }: Caller,
  ): Promise<ProposalAnswer> {
    const outcome = await this.proposals.reject(proposalId, subject, remark);
    if (outcome.outcome === 'unknown') throw notFound('proposal');
    if (outcome.outcome === 'decided') throw decidedBefore(outcome.proposal);
    return proposalOf(outcome.proposal);
  }

  private async found(proposalId: string): Promise<Proposal> {
    const found = await this.proposals.read(proposalId);
    if (found === null) throw notFound('proposal');
    return found;
  }
}

const decidedBefore = ({ status }: Proposal): ProblemError =>
  new ProblemError(409, 'proposal-decided', `It is ${status} already; nothing was changed.`);
