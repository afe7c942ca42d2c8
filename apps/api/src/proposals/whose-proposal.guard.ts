import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { personsOf, Proposals } from '#libs/dossiers';
import { notePersons } from '../access/noted-persons';
import { proposalPath } from './schema';

/**
 * Whose data a decision about a proposal touches, known before it is carried out: the access log must have the attempt under the person, and
 * only a guard comes before what records it.
 */
@Injectable()
export class WhoseProposalGuard implements CanActivate {
  constructor(private readonly proposals: Proposals) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const path = proposalPath.safeParse(request.params);
    // what is not an id, or of no proposal, is told by the handler
    const proposal = path.success ? await this.proposals.read(path.data.proposalId) : null;
    if (proposal !== null) notePersons(request, personsOf(proposal));
    return true;
  }
}
