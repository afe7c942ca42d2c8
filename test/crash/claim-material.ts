/** Members and one claim file in which every kind of outcome occurs, and persons come back in later chunks; the same for one seed. */
import { generateBsn } from '#libs/claims';
import type { Story, StoryLine } from '../stories/story';

export const CLAIM_FILE = 'claims.pm304';
const MEMBER_ROWS = [
  'member,1970-05-05,V. Voorbeeld,,,,,,,',
  'insurance,,,,3343,,2015-01-01,,,',
  'package,,,,3343,Start,2023-01-01,,,',
];
const SWITCH_ROW = 'switch,,,,,,2024-01-01,,9373,7095';

export function seededRandom(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 0x1000000;
  };
}

export class ClaimMaterial {
  readonly #bsns: readonly string[];
  readonly #random: () => number;

  /** Four lines a person, two in each half of the file, where persons come in random order. */
  constructor(
    readonly persons: number,
    seed: number,
  ) {
    this.#random = seededRandom(seed);
    this.#bsns = [...new Set(Array.from({ length: persons }, () => generateBsn(this.#random)))];
  }

  /** Lines in the claim file; one is of somebody unknown. */
  get lines(): number {
    return this.#bsns.length * 4 + 1;
  }

  async importMembers(story: Story): Promise<void> {
    await story.members(
      Object.fromEntries(this.#bsns.map((bsn, n) => [bsn, n % 10 === 0 ? [...MEMBER_ROWS, SWITCH_ROW] : MEMBER_ROWS])),
    );
  }

  async writeClaimFile(story: Story): Promise<void> {
    const stranger = generateBsn(this.#random);
    const halves = [0, 1].map((half) =>
      this.#shuffled().map((n) => ({ bsn: this.#bsns[n] as string, lines: this.#lines(n, half) })),
    );
    await story.claimFile(CLAIM_FILE, [
      ...(halves[0] ?? []),
      { bsn: stranger, lines: [{ date: '2024-02-05', reference: 'STRANGER' }] },
      ...(halves[1] ?? []),
    ]);
  }

  #lines(n: number, half: number): StoryLine[] {
    const day = String(1 + (n % 27)).padStart(2, '0');
    const reference = (i: number): string => `R-${n}-${half}-${i}`;
    // now and then another code (a second trajectory), a closed one, the same session again, and a credit before its debit
    const diagnosis = n % 7 === 3 ? '3176' : n % 11 === 5 ? '9376' : '9373';
    const first = { date: `2024-0${half + 1}-${day}`, reference: reference(1), csi: '008', diagnosis };
    const second = { date: `2024-0${half + 7}-${day}`, reference: reference(2), csi: n % 5 === 0 ? '001' : '008' };
    if (n % 13 === 1) return [first, { ...first, reference: reference(2) }];
    if (n % 17 === 2) return [{ ...first, debitCredit: 'C', reference: reference(2), relatedReference: reference(1) }, first];
    return [first, second];
  }

  #shuffled(): number[] {
    return this.#bsns
      .map((_, n) => ({ n, at: this.#random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ n }) => n);
  }
}
