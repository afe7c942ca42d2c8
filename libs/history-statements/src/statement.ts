/**
 * What one insurer tells the next of a trajectory, as it is signed. Other insurers read it: a field is never renamed or given another
 * meaning; a change that an older reader cannot take is a new `typ`.
 */
import { z } from 'zod';

/** `typ` of the signature's header: a signature of ours over anything else is no statement. */
export const STATEMENT_TYPE = 'traject-history-statement+jws';
/** So many days after its issue a statement is refused: the count may have gone on. */
export const VALID_DAYS = 180;

const date = z.iso.date();
const insurer = z.string().regex(/^\d{4}$/);
const code = z.string().regex(/^\d{4}$/);
const sessions = z.int().min(0);
const years = z.record(z.string().regex(/^\d{4}$/), sessions);

export const historyStatement = z.object({
  /** UZOVI of the insurer that states it. */
  iss: insurer,
  /** Id of the statement. */
  jti: z.uuid(),
  /** Issued and expires, in seconds since 1970. */
  iat: z.int(),
  exp: z.int(),
  /** Who it is about. The numbers by which insurers may know a person among each other, and nothing else of identity. */
  subject: z.object({ bsn: z.string().regex(/^\d{9}$/), birthDate: date }),
  history: z.object({
    /** Code under which the treatment goes on, and all that it ever had. */
    diagnosis: code,
    codes: z.array(code).min(1),
    /** Item of Annex 1, e.g. `1.b.7`. */
    item: z.string().max(40).optional(),
    side: z.enum(['left', 'right', 'both']).optional(),
    /** Date of the first session. */
    startedOn: date,
    /** Sessions given up to and including `throughDate`. */
    count: sessions,
    throughDate: date,
    perCalendarYear: years.optional(),
    /**
     * `everything`: the whole of the treatment as far as it is known, histories of earlier insurers included. `elsewhere`: only what was
     * given under this insurer.
     */
    scope: z.enum(['elsewhere', 'everything']),
    lastSessionOn: date.optional(),
    /** AGB codes of the practices that gave them under this insurer. */
    practices: z.array(z.string().regex(/^\d{8}$/)),
    /** More than one therapist declared sessions. */
    severalTherapists: z.boolean(),
    diagnosedOn: date.optional(),
    operatedOn: date.optional(),
    dischargedOn: date.optional(),
    referredOn: date.optional(),
    careClass: z.string().max(20).optional(),
    /** End of the insurance at this insurer, when it has one. */
    insuredThrough: date.optional(),
    /** Statements of earlier insurers or practices that are part of the count, and whether they were verified. */
    rests: z.array(
      z.object({
        count: sessions,
        throughDate: date,
        scope: z.enum(['elsewhere', 'everything']),
        insurer: insurer.optional(),
        status: z.enum(['asserted', 'verified']),
      }),
    ),
  }),
});

export type HistoryStatement = z.infer<typeof historyStatement>;
