/** The sentence of a decision, word for word, for what a rule, a package and a split can say. */
import type { UnitDecision } from '#libs/trajectory';
import { decidingSentence, type Told } from './sentence';

const condition = { id: '1.a.2', name: { en: 'multiple sclerosis', nl: 'multiple sclerose' } };
const NOTHING = { basic: 0, supplementary: 0, insured: 0, refused: 0, undecided: 0 };
const unit: UnitDecision = { position: 1, purse: 'basic', cents: 4000, rule: 'above-threshold' };
const both = (rule: string, values: Told['values'], changes: Partial<Told> = {}): [string, string] => {
  const told: Told = { rule, values, condition, status: 'decided', units: [unit], split: NOTHING, ...changes };
  return [decidingSentence(told, 'en'), decidingSentence(told, 'nl')];
};

describe('what the rule says', () => {
  it.each<[string, string, Told['values'], string, string]>([
    [
      'the end of the term, where there is one',
      'above-threshold',
      { position: 21, threshold: 20, end: '2025-01-01' },
      'Session 21 for multiple sclerosis, after the first 20: the basic insurance pays, until 2025-01-01.',
      'Zitting 21 voor multiple sclerose, na de eerste 20: de basisverzekering betaalt, tot 2025-01-01.',
    ],
    [
      'no end of the term, where it is open',
      'no-threshold-under-18',
      { position: 3 },
      'Session 3 for multiple sclerosis, under 18: the basic insurance pays from the first session.',
      'Zitting 3 voor multiple sclerose, onder 18: de basisverzekering betaalt vanaf de eerste zitting.',
    ],
    [
      'the day through which a closed code is accepted',
      'closed-code',
      { code: '9376', through: '2024-06-30', startedBefore: '2020-01-01' },
      'Diagnosis code 9376 is closed: accepted for sessions through 2024-06-30 only.',
      'Diagnosecode 9376 is gesloten: alleen zittingen tot en met 2024-06-30 worden aanvaard.',
    ],
    [
      'the start before which a closed code is accepted',
      'closed-code',
      { code: '9376', through: '', startedBefore: '2020-01-01' },
      'Diagnosis code 9376 is closed: accepted only in a trajectory that started before 2020-01-01.',
      'Diagnosecode 9376 is gesloten: alleen aanvaard in een traject dat voor 2020-01-01 begon.',
    ],
    [
      'a closed code that is accepted in no case',
      'closed-code',
      { code: '9376' },
      'Diagnosis code 9376 is closed.',
      'Diagnosecode 9376 is gesloten.',
    ],
    [
      'a dash where nothing was recorded',
      'start-too-late',
      { position: 1, start: '2024-04-16', event: null },
      'Session 1 for multiple sclerosis: the treatment began on 2024-04-16, more than - months after -, so there is no entitlement.',
      'Zitting 1 voor multiple sclerose: de behandeling begon op 2024-04-16, meer dan - maanden na -, dus er is geen aanspraak.',
    ],
    [
      'an item that takes no position',
      'past-term',
      { position: null, end: '2024-05-01' },
      'The term for multiple sclerosis ended: sessions from 2024-05-01 on are not paid by the basic insurance.',
      'De termijn voor multiple sclerose is voorbij: zittingen vanaf 2024-05-01 betaalt de basisverzekering niet.',
    ],
    ['a rule that is not known here', 'of-old', {}, 'Rule of-old.', 'Regel of-old.'],
  ])('%s', (_, rule, values, en, nl) => {
    expect(both(rule, values)).toEqual([en, nl]);
  });

  it.each<[string, Told['condition'], string, string]>([
    ['the id, where the policy has no name for it', { id: '1.a.2', name: null }, '1.a.2', '1.a.2'],
    ['a dash, where there is no condition', null, '-', '-'],
    ['its name in the language', condition, 'multiple sclerosis', 'multiple sclerose'],
  ])('of the condition %s', (_, named, en, nl) => {
    expect(both('past-cap', { used: 12 }, { condition: named })).toEqual([
      `The maximum for ${en} is used up: 12 sessions were counted before.`,
      `Het maximum voor ${nl} is bereikt: er zijn al 12 zittingen geteld.`,
    ]);
  });
});

describe('what the package says', () => {
  const rule = 'no-entitlement';
  const [en, nl] = ['Declared as care outside the basic insurance.', 'Gedeclareerd als zorg buiten de basisverzekering.'];
  it.each<[string, Told['values'], string, string]>([
    ['nothing, where none was asked', {}, '', ''],
    [
      'the session of the year that it pays',
      { package: 'Nine', unit: 3 },
      ' Package Nine pays: session 3 of the year.',
      ' Pakket Nine betaalt: zitting 3 van het jaar.',
    ],
    [
      'that it is used up',
      { package: 'Nine', limit: 9 },
      ' Package Nine (9 a year) is used up.',
      ' Pakket Nine (9 per jaar) is op.',
    ],
    [
      'that its manual-therapy part is used up',
      { package: 'Manual', manualLimit: 2 },
      ' The manual-therapy part of package Manual (2 a year) is used up.',
      ' Het deel manuele therapie van pakket Manual (2 per jaar) is op.',
    ],
    [
      'that it has no number for the year',
      { package: 'Ended' },
      ' Package Ended is not known for this year.',
      ' Pakket Ended is voor dit jaar niet bekend.',
    ],
    [
      'the insurer that holds it',
      { packageAt: '7095' },
      ' The package is held at insurer 7095.',
      ' Het pakket loopt bij verzekeraar 7095.',
    ],
  ])('%s', (_, values, saidEn, saidNl) => {
    expect(both(rule, values)).toEqual([`${en}${saidEn}`, `${nl}${saidNl}`]);
  });
});

describe('the amounts per purse', () => {
  const units = [unit, { ...unit, position: 2 }, { ...unit, position: 3 }];
  const split = { basic: 4000, supplementary: 3999, insured: 5, refused: 0, undecided: 0 };
  const rule = 'long-session';
  const bare = ['A long session is not covered for this diagnosis.', 'Een lange zitting is bij deze diagnose niet verzekerd.'];
  it('are told of a decided line of several sessions, in euros', () => {
    expect(both(rule, {}, { units, split })).toEqual([
      `${bare[0]} Of the 3 sessions basic pays 40.00, supplementary 39.99, the insured 0.05.`,
      `${bare[1]} Van de 3 zittingen betaalt basis 40.00, aanvullend 39.99, de verzekerde 0.05.`,
    ]);
  });

  it.each<[string, Partial<Told>]>([
    ['of one session', { units: [unit], split }],
    ['that is held', { units, split, status: 'held' }],
    ['that is refused', { units, split: { ...split, refused: 8004 } }],
  ])('are not told of a line %s', (_, changes) => {
    expect(both(rule, {}, changes)).toEqual(bare);
  });

  it('stand after what the package says', () => {
    expect(both(rule, { package: 'Nine', unit: 1 }, { units, split })[0]).toBe(
      `${bare[0]} Package Nine pays: session 1 of the year. Of the 3 sessions basic pays 40.00, supplementary 39.99, the insured 0.05.`,
    );
  });
});
