/** What a shell script can rely on. Documented in the README. */
export const EXIT = {
  ok: 0,
  /** Something failed that should not: the message says what; run it again or look at the log. */
  failed: 1,
  /** The command line or the configuration is wrong. */
  usage: 2,
  /** The business said no, or a file was refused whole: nothing was done. */
  refused: 3,
  /** A correction or a campaign waits for a second person, or a campaign for its next stage. */
  waiting: 5,
  /** `verify`, `access-log verify` or `replay` found something, `parked` lists something, `payments` may leave out who is parked, `policy diff` found differences, or `outbox send` could not send all. */
  findings: 4,
} as const;
