/** Identities that occur nowhere else, and a search that finds them in whatever clothes. */
import { generateBsn } from '#libs/claims';

export interface Planted {
  readonly bsn: string;
  readonly birthDate: string;
  readonly name: string;
  readonly relationNumber: string;
}

/** Every planted name and relation number holds its stem, which is in no word of any language that is used here. */
const NAME_STEM = 'Zwqux';
const RELATION_STEM = 'QZJX';
const SYLLABLES = ['bor', 'dal', 'fen', 'gul', 'hem', 'kra', 'lis', 'mon', 'nep', 'rod'];
const FIRST_BIRTH = Date.UTC(1931, 0, 1);

/** Distinct persons: birth dates of 1931 to 1950, of which no session, period or invoice has one. */
export function plant(count: number): Planted[] {
  let seed = 20_240_701;
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const bsns = new Set<string>();
  while (bsns.size < count) bsns.add(generateBsn(random));
  return [...bsns].map((bsn, i) => ({
    bsn,
    birthDate: new Date(FIRST_BIRTH + i * 7 * 86_400_000).toISOString().slice(0, 10),
    name: `${NAME_STEM}${[...String(i).padStart(4, '0')].map((digit) => SYLLABLES[Number(digit)]).join('')}`,
    relationNumber: `${RELATION_STEM}${String(i).padStart(5, '0')}`,
  }));
}

const HEX = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,}/gi;
/** The digits of a uuid or a digest are no number; those of a record of fixed width are, and letters are few there. */
const withoutRandomHex = (text: string): string =>
  text.replaceAll(HEX, (run) => (run.replaceAll(/[\d-]/g, '').length >= run.length / 8 ? ' # ' : run));
/** Runs of digits, with what people put between the digits of a number. */
const DIGITS = /\d(?:[ ./_-]?\d){7,}/g;

export class Search {
  readonly #bsns: ReadonlySet<string>;
  readonly #dates: ReadonlySet<string>;
  /** Characters searched, before decoding. */
  searched = 0;

  constructor(planted: readonly Planted[]) {
    this.#bsns = new Set(planted.map((each) => each.bsn));
    this.#dates = new Set(planted.map((each) => each.birthDate.replaceAll('-', '')));
  }

  /** What of the planted identities is in the text: plain, with separators, or in hex or base64. Answers kinds and surroundings. */
  in(text: string): string[] {
    this.searched += text.length;
    return [text, ...decodedHex(text), ...decodedBase64(text)].flatMap((each) => this.#plain(each));
  }

  #plain(text: string): string[] {
    const found = [...text.matchAll(new RegExp(`.{0,30}(?:${NAME_STEM}|${RELATION_STEM}).{0,30}`, 'gi'))].map(
      (match) => `name: ${match[0]}`,
    );
    for (const run of withoutRandomHex(text).matchAll(DIGITS)) {
      const digits = run[0].replaceAll(/\D/g, '');
      for (let at = 0; at + 9 <= digits.length; at += 1)
        if (this.#bsns.has(digits.slice(at, at + 9))) found.push(`BSN: ${run[0].slice(0, 60)}`);
      // in a longer number only where it is a record of fixed width: eight digits alone mean little
      const isWhole = digits.length === 8 || digits.length >= 30;
      for (let at = 0; isWhole && at + 8 <= digits.length; at += 1)
        if (this.#dates.has(digits.slice(at, at + 8))) found.push(`birth date: ${run[0].slice(0, 60)}`);
      for (const [date] of run[0].matchAll(/\d{4}-\d\d-\d\d/g))
        if (this.#dates.has(date.replaceAll('-', ''))) found.push(`birth date: ${date}`);
    }
    return found;
  }
}

function decodedHex(text: string): string[] {
  return [...text.matchAll(/[0-9a-f]{16,}/gi)].flatMap(([run]) =>
    [0, 1].map((from) => Buffer.from(run.slice(from, run.length - ((run.length - from) % 2)), 'hex').toString('latin1')),
  );
}

function decodedBase64(text: string): string[] {
  return [...text.matchAll(/[A-Za-z0-9+/_-]{12,}/g)].flatMap(([run]) =>
    [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64').toString('latin1')),
  );
}
