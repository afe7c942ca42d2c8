import { Injectable } from '@nestjs/common';
import { HistoryStatementDesk, TrustedInsurersError } from '#libs/history-statements';
import { PrivateFileError } from '#libs/platform';
import { ApiRuntime } from '../api-runtime';
import { unavailable } from '../http/problem';

/** The desk of history statements; what is wrong with its set-up is told to whoever runs it, by the log. */
@Injectable()
export class HistoryStatements {
  readonly #desk: HistoryStatementDesk;

  constructor(private readonly runtime: ApiRuntime) {
    this.#desk = new HistoryStatementDesk(runtime.context, runtime.historyStatements);
  }

  /** Throws ProblemError 503 when a key cannot be used. */
  async at<T>(work: (desk: HistoryStatementDesk) => Promise<T>): Promise<T> {
    try {
      return await work(this.#desk);
    } catch (error) {
      if (!(error instanceof PrivateFileError) && !(error instanceof TrustedInsurersError)) throw error;
      this.runtime.logger.error({ err: error }, 'the keys of history statements cannot be used');
      throw unavailable(
        'statement-keys-unusable',
        'The keys of history statements are not set up; the log says what is wrong.',
        60,
      );
    }
  }
}
