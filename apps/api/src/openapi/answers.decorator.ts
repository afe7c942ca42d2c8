import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { POSITION_HEADER } from '../freshness/freshness.interceptor';

/** The header of every answer from the read models. */
export const POSITION_ANSWERED = {
  [POSITION_HEADER]: {
    description: 'Position that the read models had taken in when the answer was read.',
    schema: { type: 'string' },
  },
} as const;

/** 200 with a body of this schema, from the read models. */
export const AnswersFromReadModels = (schema: z.ZodType, description: string): MethodDecorator =>
  applyDecorators(ApiResponse({ status: 200, description, standardSchema: schema, headers: POSITION_ANSWERED }));
