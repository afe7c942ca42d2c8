import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CommandEndpoint, Request, type CommandRequest } from '../commands/command-request';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy, LooksUpPersonsFor } from '../sign-in/callable-by.decorator';
import { PersonLookups } from './lookup.service';
import { PersonRegistrations } from './registration.service';
import {
  foundPerson,
  personLookup,
  personRegistration,
  registeredPerson,
  type FoundPerson,
  type PersonLookup,
  type PersonRegistration,
  type RegisteredPerson,
} from './schema';

@Controller('v1/persons')
export class PersonsController {
  constructor(
    private readonly lookups: PersonLookups,
    private readonly registrations: PersonRegistrations,
  ) {}

  @Post('lookup')
  @HttpCode(200)
  @ApiTags('Persons')
  @LooksUpPersonsFor('ingest', 'reader', 'corrector', 'approver', 'auditor')
  @ApiOperation({
    operationId: 'lookUpPerson',
    summary: 'Find a person by BSN, or by the relation number of an insurer',
    description: 'A POST, as no number of a person may stand in a URL.',
  })
  @ApiResponse({ status: 200, description: 'The person; nobody is an answer too.', standardSchema: foundPerson })
  @Problems(400, 413, 415)
  lookUp(@Body({ schema: personLookup }) body: PersonLookup): Promise<FoundPerson> {
    return this.lookups.find(body);
  }

  @Post()
  @ApiTags('Commands')
  @CallableBy('ingest', 'corrector')
  @ApiOperation({ operationId: 'registerPerson', summary: 'Register a person, or state anew what is known of one' })
  @CommandEndpoint(registeredPerson)
  register(
    @Body({ schema: personRegistration }) body: PersonRegistration,
    @Request() request: CommandRequest,
  ): Promise<RegisteredPerson> {
    return this.registrations.register(request, body);
  }
}
