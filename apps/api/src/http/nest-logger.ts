import type { LoggerService } from '@nestjs/common';
import type { Logger } from '#libs/platform';

/** What the framework has to say, in the log of the process: its errors and warnings alone, as the rest is chatter. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(): void {
    // which routes it has mapped is in the OpenAPI document
  }

  error(message: unknown, ...rest: unknown[]): void {
    if (message instanceof Error) this.logger.error({ err: message }, 'the framework failed');
    else this.logger.error({ context: rest.at(-1) }, String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn({ context: rest.at(-1) }, String(message));
  }
}
