/** The persons of a sample. Any of them can be made again at any time, so that nothing has to be kept. */
import { courseOf, birthDateOf, INSURED_SINCE, type EarlierSessions } from './courses';
import {
  bsnOf,
  identityOf,
  MAX_PERSONS,
  practiceCode,
  seedLabel,
  spoiledBsn,
  therapistCode,
  type SampleIdentity,
} from './identity';
import { LineWriter } from './line-writer';
import { letHappen, type MishapOutcome } from './mishaps';
import type { Cover, SampleCorrection, SamplePerson, StrangerLine } from './person';
import { addDays } from './calendar';
import {
  CLOSED_CODE,
  CLOSED_ON,
  CODE_AFTER_CLOSING,
  DECK,
  MAX_PRACTICES,
  OWN_INSURER,
  PACKAGES,
  PERSONS_PER_PRACTICE,
  PREVIOUS_INSURER,
  SISTER_LABEL,
  SISTER_LABEL_SHARE,
  SWITCH_DATE,
  type Card,
} from './proportions';
import { Random, seedFrom } from './random';

/** What a random number is drawn for: the draws of one purpose do not move those of another. */
const FOR_PERSON = 1;
const FOR_DECK = 2;
const FOR_STRANGER = 3;

const cameBySwitch = (card: Card): boolean => card.course.startsWith('switcher');

export class Population {
  readonly practices: number;
  #deck: { readonly hundred: number; readonly cards: readonly Card[] } | null = null;

  constructor(
    readonly seed: number,
    readonly persons: number,
  ) {
    this.practices = Math.min(Math.ceil(persons / PERSONS_PER_PRACTICE), MAX_PRACTICES);
  }

  /** The persons in order, or those of one practice. */
  *members(practice?: number): Generator<SamplePerson> {
    const step = practice === undefined ? 1 : this.practices;
    for (let index = practice ?? 0; index < this.persons; index += step) yield this.person(index);
  }

  private card(index: number): Card {
    const hundred = Math.floor(index / DECK.length);
    if (this.#deck?.hundred !== hundred)
      this.#deck = { hundred, cards: new Random(seedFrom(this.seed, FOR_DECK, hundred)).shuffled(DECK) };
    return this.#deck.cards[index % DECK.length] as Card;
  }

  private person(index: number): SamplePerson {
    const random = new Random(seedFrom(this.seed, FOR_PERSON, index));
    const card = this.card(index);
    const practice = index % this.practices;
    const identity = identityOf(this.seed, index, random, birthDateOf(random, card));
    const writer = new LineWriter(`${seedLabel(this.seed)}-${index}`, therapistCode(practice, random.whole(0, 4)));
    const course = courseOf(random, writer, card);
    const outcome: MishapOutcome = card.mishap === undefined ? course : letHappen(card.mishap, course.lines, random, writer);
    const insurance = insuranceOf(random, card, outcome.insuredThrough ?? '');
    return {
      index,
      card,
      identity,
      practice,
      insurance,
      packages: packagesOf(random, insurance),
      switches: cameBySwitch(card)
        ? [
            {
              from: SWITCH_DATE,
              dcsph: card.course === 'switcher-without-code' ? '' : (course.elsewhere?.diagnosis ?? ''),
              previousInsurer: PREVIOUS_INSURER,
            },
          ]
        : [],
      diedOn: outcome.diedOn ?? null,
      lines: outcome.lines,
      strangers: this.strangersOf(index, outcome),
      corrections: this.correctionsOf(index, card, identity, practice, course.elsewhere),
    };
  }

  private strangersOf(index: number, outcome: MishapOutcome): readonly StrangerLine[] {
    if (outcome.stranger === undefined) return [];
    const { kind, line } = outcome.stranger;
    const outside = MAX_PERSONS + index;
    const random = new Random(seedFrom(this.seed, FOR_STRANGER, index));
    const unknown = identityOf(this.seed, outside, random, '1970-01-01');
    return [{ ...line, identity: kind === 'unknown' ? unknown : { ...unknown, bsn: spoiledBsn(bsnOf(this.seed, outside)) } }];
  }

  private correctionsOf(
    index: number,
    card: Card,
    { bsn }: SampleIdentity,
    practice: number,
    elsewhere: EarlierSessions | undefined,
  ): readonly SampleCorrection[] {
    const document = `${seedLabel(this.seed)}-${index}`;
    if (card.course === 'switcher' && elsewhere !== undefined)
      return [
        {
          command: 'import-history',
          bsn,
          input: {
            diagnosis: elsewhere.diagnosis,
            startedOn: elsewhere.startedOn,
            count: elsewhere.count,
            throughDate: addDays(SWITCH_DATE, -1),
            scope: 'elsewhere',
            previousInsurer: PREVIOUS_INSURER,
            source: 'treatment history form',
            statedBy: `practice ${practiceCode(practice)}`,
            document: { reference: `history-${document}` },
            status: 'asserted',
          },
        },
      ];
    if (card.course === 'closed-code')
      return [
        {
          command: 'remap-diagnosis',
          bsn,
          input: {
            from: CLOSED_CODE,
            to: CODE_AFTER_CLOSING,
            effectiveDate: CLOSED_ON,
            reason: `Code ${CLOSED_CODE} is closed; successor reported by practice ${practiceCode(practice)}`,
            absorb: true,
          },
        },
      ];
    return [];
  }
}

function insuranceOf(random: Random, card: Card, through: string): readonly Cover[] {
  if (cameBySwitch(card))
    return [
      { insurer: PREVIOUS_INSURER, from: INSURED_SINCE, through: addDays(SWITCH_DATE, -1) },
      { insurer: OWN_INSURER, from: SWITCH_DATE, through },
    ];
  const isPlain = card.mishap === undefined && (card.course === 'annex' || card.course === 'plain');
  const insurer = isPlain && random.chance(SISTER_LABEL_SHARE) ? SISTER_LABEL : OWN_INSURER;
  return [{ insurer, from: INSURED_SINCE, through }];
}

/** Packages are of our own insurer; those of another label have none here. They hold within the insurance. */
function packagesOf(random: Random, insurance: readonly Cover[]): SamplePerson['packages'] {
  const own = insurance[insurance.length - 1] as Cover;
  const chosen = random.weighted(PACKAGES);
  if (own.insurer !== OWN_INSURER) return [];
  return chosen.flatMap(([name, from, through]) => {
    const begin = from < own.from ? own.from : from;
    const end = through === '' || (own.through !== '' && own.through < through) ? own.through : through;
    return end !== '' && end < begin ? [] : [{ insurer: own.insurer, package: name, from: begin, through: end }];
  });
}
