import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ApiRuntime } from '../api-runtime';
import { personId, uuid } from '../http/fields';
import { notFound } from '../http/problem';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy } from '../sign-in/callable-by.decorator';

const notePath = z.strictObject({ personId, noteId: uuid('the id of the note') });
const note = z.strictObject({ text: z.string() }).meta({ id: 'Note', description: 'What somebody wrote to a correction.' });

/** Notes to corrections: kept under the person's key, named by the events of the correction. */
@ApiTags('Corrections')
@Controller('v1/persons/:personId/notes')
export class NotesController {
  constructor(private readonly runtime: ApiRuntime) {}

  @Get(':noteId')
  @CallableBy('corrector', 'approver')
  @ApiOperation({ operationId: 'note', summary: 'The note to a correction' })
  @ApiResponse({ status: 200, description: 'The note.', standardSchema: note })
  @Problems(400, 404)
  async one(@Param({ schema: notePath }) path: z.infer<typeof notePath>): Promise<z.infer<typeof note>> {
    const text = await this.runtime.context.vault.readNote(path.personId, path.noteId);
    if (text === null) throw notFound('note of this person');
    return { text };
  }
}
