/** What lies ahead, word for word, in both languages. */
import { NEXT_KINDS, type NextChange, type Trace } from '../index';
import { tracedRule } from '../testing/traced';
import { nextSentence } from './next-sentence';

const told: Trace = {
  ...tracedRule('within-cap'),
  condition: { id: '2.6-5', name: { en: 'osteoarthritis', nl: 'artrose' } },
};
const both = (kind: NextChange['kind'], values: NextChange['values']) => [
  nextSentence({ kind, values }, told, 'en'),
  nextSentence({ kind, values }, told, 'nl'),
];

const SENTENCES: readonly (readonly [NextChange['kind'], NextChange['values'], string, string])[] = [
  ['threshold', { position: 21, before: null }, 'From session 21 the basic insurance pays.', 'Vanaf zitting 21 betaalt de basisverzekering.'],
  ['threshold', { position: 21, before: '2025-01-01' }, 'From session 21 the basic insurance pays, for sessions before 2025-01-01.', 'Vanaf zitting 21 betaalt de basisverzekering, voor zittingen vóór 2025-01-01.'],
  ['cap', { left: 1, until: null }, '1 session of the maximum for osteoarthritis left.', 'Nog 1 zitting van het maximum voor artrose.'],
  ['cap', { left: 2, until: '2025-01-01' }, '2 sessions of the maximum for osteoarthritis left before 2025-01-01.', 'Nog 2 zittingen van het maximum voor artrose vóór 2025-01-01.'],
  ['cap-renews', { from: '2025-01-01' }, 'From 2025-01-01 the maximum for osteoarthritis is counted anew.', 'Vanaf 2025-01-01 telt het maximum voor artrose opnieuw.'],
  ['term-end', { date: '2025-01-01' }, 'The term ends on 2025-01-01: the basic insurance does not pay sessions from that day on.', 'De termijn eindigt op 2025-01-01: zittingen vanaf die dag betaalt de basisverzekering niet.'],
  ['package', { package: 'Nine', year: '2025', left: 3, manualLeft: null }, '3 sessions of package Nine left in 2025.', 'Nog 3 zittingen van pakket Nine in 2025.'],
  ['package', { package: 'Nine', year: '2025', left: null, manualLeft: 1 }, '1 session of manual therapy left in package Nine in 2025.', 'Nog 1 zitting manuele therapie van pakket Nine in 2025.'],
  ['package', { package: 'Nine', year: '2025', left: 0, manualLeft: 2 }, '0 sessions of package Nine left in 2025, 2 sessions of manual therapy left in package Nine in 2025.', 'Nog 0 zittingen van pakket Nine in 2025, nog 2 zittingen manuele therapie van pakket Nine in 2025.'],
  ['package-renews', { package: 'Nine', from: '2026-01-01' }, 'From 2026-01-01 package Nine is counted anew, while it is in force.', 'Vanaf 2026-01-01 telt pakket Nine opnieuw, zolang het loopt.'],
  ['package-stated', { date: '2025-03-03' }, 'A package that is in force on 2025-03-03 and has sessions left would pay.', 'Een pakket dat op 2025-03-03 loopt en zittingen over heeft, zou betalen.'],
  ['history-for-switch', { switch: '2024-01-01' }, 'An import that answers the switch of 2024-01-01 releases it.', 'Een import die de overstap van 2024-01-01 beantwoordt, geeft haar vrij.'],
  ['history', {}, 'An imported history of this trajectory releases it, also one of no sessions.', 'Een geïmporteerde historie van dit traject geeft haar vrij, ook een van nul zittingen.'],
  ['release', { position: 3 }, 'It is decided as soon as session 3, the first that is held, is released.', 'Er wordt beslist zodra zitting 3, de eerste die is aangehouden, is vrijgegeven.'],
  ['release', { position: null }, 'It is decided as soon as the session that is held before it is released.', 'Er wordt beslist zodra de eerdere aangehouden zitting is vrijgegeven.'],
  ['confirm-date', { event: 'diagnosis' }, 'Confirm the date of the diagnosis: it is not stated yet.', 'Bevestig de datum van de diagnose: die is nog niet opgegeven.'],
  ['confirm-date', { event: 'discharge' }, 'Confirm the date of the discharge from hospital: it is not stated yet.', 'Bevestig de datum van het ontslag uit het ziekenhuis: die is nog niet opgegeven.'],
  ['confirm-date', { event: 'of-later' }, 'Confirm the date of of-later: it is not stated yet.', 'Bevestig de datum van of-later: die is nog niet opgegeven.'],
  ['correct-date', { event: 'diagnosis', start: '2024-04-16', months: 3 }, 'Only another date of the diagnosis, at most 3 months before the start on 2024-04-16, opens the entitlement.', 'Alleen een andere datum van de diagnose, hoogstens 3 maanden voor de start op 2024-04-16, opent de aanspraak.'],
  ['correct-date', { event: 'last-radiation', start: null, months: 3 }, 'Only another date of the last radiation, at most 3 months before the start on -, opens the entitlement.', 'Alleen een andere datum van de laatste bestraling, hoogstens 3 maanden voor de start op -, opent de aanspraak.'],
  ['consent', { date: '2025-03-03', code: '0550' }, 'A consent of the insurer that covers 2025-03-03 opens the basic insurance.', 'Een toestemming van de verzekeraar die op 2025-03-03 geldt, opent de basisverzekering.'],
  ['consent', { date: '2025-03-03', code: '0584' }, "The sessions of the insurer's consent are used up: a consent with sessions left on 2025-03-03 opens the basic insurance.", 'De zittingen van de toestemming zijn op: een toestemming die op 2025-03-03 zittingen over heeft, opent de basisverzekering.'],
  ['extension', { months: 6, end: '2024-10-10' }, 'A confirmed extension of 6 months lets the term end on 2024-10-10.', 'Met een bevestigde verlenging van 6 maanden eindigt de termijn op 2024-10-10.'],
  ['episode', { from: '2024-03-03' }, 'A confirmed new episode of osteoarthritis, from 2024-03-03 or earlier, begins a count and term of its own.', 'Een bevestigde nieuwe episode van artrose, vanaf 2024-03-03 of eerder, begint een eigen telling en termijn.'],
  ['earlier-start', { before: '2020-01-01' }, 'An imported history that began before 2020-01-01 changes it.', 'Een geïmporteerde historie die voor 2020-01-01 begon, verandert dit.'],
  ['insurance', { date: '2025-03-03', insurer: '3343' }, 'An insurance period at 3343 that covers 2025-03-03 makes it valid.', 'Een verzekeringsperiode bij 3343 die 2025-03-03 dekt, maakt de regel geldig.'],
  ['declare-performance', {}, 'Declared again, with a performance, number and amounts that hold, it can count.', 'Opnieuw gedeclareerd met een prestatie, aantal en bedragen die kloppen, kan zij meetellen.'],
  ['declare-diagnosis', {}, 'Declared again under a diagnosis code that is open on the date, it can count.', 'Opnieuw gedeclareerd onder een diagnosecode die op de datum open is, kan zij meetellen.'],
  ['declare-indication', { diagnosis: '9373' }, 'Declared again with an indication that diagnosis 9373 allows, it can count.', 'Opnieuw gedeclareerd met een indicatie die diagnose 9373 toestaat, kan zij meetellen.'],
  ['declare-required', {}, 'Declared again with a performance that diagnosis - asks for, it can count.', 'Opnieuw gedeclareerd met een prestatie die diagnose - vraagt, kan zij meetellen.'],
  ['override-ends', { from: '2027-01-01' }, 'From 2027-01-01, or when somebody ends the override, it is decided by its facts again.', 'Vanaf 2027-01-01, of zodra iemand de handmatige vaststelling beëindigt, wordt weer op de feiten beslist.'],
]; // prettier-ignore

it.each(SENTENCES)('%s with %j', (kind, values, en, nl) => {
  expect(both(kind, values)).toEqual([en, nl]);
});

it('there is a sentence of every kind', () => {
  expect(new Set(SENTENCES.map(([kind]) => kind))).toEqual(new Set(NEXT_KINDS));
});
