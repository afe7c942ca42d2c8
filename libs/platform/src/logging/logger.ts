import pino, { type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../configuration/config';
import { describeError, maskNumbers, withoutIdentity } from './redaction';

export type { Logger } from 'pino';

/**
 * A logger that writes JSON lines to standard error (standard output is for a command's answer), without identity:
 * see redaction.ts. Lines are written at once, so that a process that is killed has lost none.
 */
export function createLogger(
  name: string,
  level: LogLevel = 'info',
  destination: DestinationStream = pino.destination({ dest: 2, sync: true }),
): Logger {
  const logger = pino(
    {
      level,
      base: { name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => withoutIdentity(fields) as Record<string, unknown>,
      },
      serializers: { err: (error: unknown) => (error instanceof Error ? describeError(error) : withoutIdentity(error)) },
      hooks: {
        logMethod(args, method) {
          method.apply(this, withSafeText(args) as typeof args);
        },
      },
    },
    destination,
  );
  // the formatters above do not see the fields of a child logger
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the child's own `this`, below
  const { child } = logger;
  logger.child = function (this: Logger, bindings: Record<string, unknown>, options) {
    return child.call(this, withoutIdentity(bindings) as Record<string, unknown>, options);
  } as typeof child;
  return logger;
}

/** The message and its arguments ("… %s") masked; an error without a message gets its own, masked, instead of pino's copy of it. */
function withSafeText([first, ...rest]: readonly unknown[]): unknown[] {
  if (rest.length === 0) {
    if (first instanceof Error) return [{ err: first }, maskNumbers(first.message)];
    const { err, msg } = (first ?? {}) as { err?: unknown; msg?: unknown };
    if (err instanceof Error && msg === undefined) return [first, maskNumbers(err.message)];
  }
  return [typeof first === 'string' ? maskNumbers(first) : first, ...rest.map((arg) => withoutIdentity(arg))];
}
