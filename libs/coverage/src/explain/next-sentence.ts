/** Sentences of what would change the outcome next, made from the trace alone. */
import { conditionName, type Language } from './sentence';
import type { Facts, NextChange, NextKind, Scalar, Trace } from './trace-shape';

type Sentence = (values: Facts, trace: Trace) => string;

const text = (value: Scalar | undefined): string => (value === undefined || value === null ? '-' : String(value));
/** `one` for 1, else `many`. */
const count = (value: Scalar | undefined, one: string, many: string): string => `${text(value)} ${value === 1 ? one : many}`;

const EVENTS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  diagnosis: { en: 'the diagnosis', nl: 'de diagnose' },
  discharge: { en: 'the discharge from hospital', nl: 'het ontslag uit het ziekenhuis' },
  'conservative-treatment': { en: 'the end of conservative treatment', nl: 'het einde van de conservatieve behandeling' },
  'last-radiation': { en: 'the last radiation', nl: 'de laatste bestraling' },
};
const eventOf = (values: Facts, language: Language): string => EVENTS[text(values.event)]?.[language] ?? text(values.event);

const packageLeft = (values: Facts, language: Language): string => {
  const { left, manualLeft, year } = values;
  const name = text(values.package);
  const en = language === 'en';
  const parts: string[] = [];
  if (typeof left === 'number')
    parts.push(
      en
        ? `${count(left, 'session', 'sessions')} of package ${name} left in ${text(year)}`
        : `nog ${count(left, 'zitting', 'zittingen')} van pakket ${name} in ${text(year)}`,
    );
  if (typeof manualLeft === 'number')
    parts.push(
      en
        ? `${count(manualLeft, 'session', 'sessions')} of manual therapy left in package ${name} in ${text(year)}`
        : `nog ${count(manualLeft, 'zitting', 'zittingen')} manuele therapie van pakket ${name} in ${text(year)}`,
    );
  const sentence = parts.join(', ');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
};

const ENGLISH: Readonly<Record<NextKind, Sentence>> = {
  threshold: ({ position, before }) =>
    `From session ${text(position)} the basic insurance pays${before === null ? '' : `, for sessions before ${text(before)}`}.`,
  cap: ({ left, until }, { condition }) =>
    `${count(left, 'session', 'sessions')} of the maximum for ${conditionName(condition, 'en')} left${until === null ? '' : ` before ${text(until)}`}.`,
  'cap-renews': ({ from }, { condition }) =>
    `From ${text(from)} the maximum for ${conditionName(condition, 'en')} is counted anew.`,
  'term-end': ({ date }) => `The term ends on ${text(date)}: the basic insurance does not pay sessions from that day on.`,
  package: (values) => packageLeft(values, 'en'),
  'package-renews': (values) =>
    `From ${text(values.from)} package ${text(values.package)} is counted anew, while it is in force.`,
  'package-stated': ({ date }) => `A package that is in force on ${text(date)} and has sessions left would pay.`,
  'history-for-switch': (values) => `An import that answers the switch of ${text(values.switch)} releases it.`,
  history: () => 'An imported history of this trajectory releases it, also one of no sessions.',
  release: ({ position }) =>
    position === null
      ? 'It is decided as soon as the session that is held before it is released.'
      : `It is decided as soon as session ${text(position)}, the first that is held, is released.`,
  'confirm-date': (values) => `Confirm the date of ${eventOf(values, 'en')}: it is not stated yet.`,
  'correct-date': (values) =>
    `Only another date of ${eventOf(values, 'en')}, at most ${text(values.months)} months before the start on ${text(values.start)}, opens the entitlement.`,
  consent: ({ date, code }) =>
    code === '0584'
      ? `The sessions of the insurer's consent are used up: a consent with sessions left on ${text(date)} opens the basic insurance.`
      : `A consent of the insurer that covers ${text(date)} opens the basic insurance.`,
  extension: ({ months, end }) => `A confirmed extension of ${text(months)} months lets the term end on ${text(end)}.`,
  episode: ({ from }, { condition }) =>
    `A confirmed new episode of ${conditionName(condition, 'en')}, from ${text(from)} or earlier, begins a count and term of its own.`,
  'earlier-start': ({ before }) => `An imported history that began before ${text(before)} changes it.`,
  insurance: ({ date, insurer }) => `An insurance period at ${text(insurer)} that covers ${text(date)} makes it valid.`,
  'declare-performance': () => 'Declared again, with a performance, number and amounts that hold, it can count.',
  'declare-diagnosis': () => 'Declared again under a diagnosis code that is open on the date, it can count.',
  'declare-indication': ({ diagnosis }) =>
    `Declared again with an indication that diagnosis ${text(diagnosis)} allows, it can count.`,
  'declare-required': ({ diagnosis }) =>
    `Declared again with a performance that diagnosis ${text(diagnosis)} asks for, it can count.`,
  'override-ends': ({ from }) => `From ${text(from)}, or when somebody ends the override, it is decided by its facts again.`,
};

const DUTCH: Readonly<Record<NextKind, Sentence>> = {
  threshold: ({ position, before }) =>
    `Vanaf zitting ${text(position)} betaalt de basisverzekering${before === null ? '' : `, voor zittingen vóór ${text(before)}`}.`,
  cap: ({ left, until }, { condition }) =>
    `Nog ${count(left, 'zitting', 'zittingen')} van het maximum voor ${conditionName(condition, 'nl')}${until === null ? '' : ` vóór ${text(until)}`}.`,
  'cap-renews': ({ from }, { condition }) =>
    `Vanaf ${text(from)} telt het maximum voor ${conditionName(condition, 'nl')} opnieuw.`,
  'term-end': ({ date }) => `De termijn eindigt op ${text(date)}: zittingen vanaf die dag betaalt de basisverzekering niet.`,
  package: (values) => packageLeft(values, 'nl'),
  'package-renews': (values) => `Vanaf ${text(values.from)} telt pakket ${text(values.package)} opnieuw, zolang het loopt.`,
  'package-stated': ({ date }) => `Een pakket dat op ${text(date)} loopt en zittingen over heeft, zou betalen.`,
  'history-for-switch': (values) => `Een import die de overstap van ${text(values.switch)} beantwoordt, geeft haar vrij.`,
  history: () => 'Een geïmporteerde historie van dit traject geeft haar vrij, ook een van nul zittingen.',
  release: ({ position }) =>
    position === null
      ? 'Er wordt beslist zodra de eerdere aangehouden zitting is vrijgegeven.'
      : `Er wordt beslist zodra zitting ${text(position)}, de eerste die is aangehouden, is vrijgegeven.`,
  'confirm-date': (values) => `Bevestig de datum van ${eventOf(values, 'nl')}: die is nog niet opgegeven.`,
  'correct-date': (values) =>
    `Alleen een andere datum van ${eventOf(values, 'nl')}, hoogstens ${text(values.months)} maanden voor de start op ${text(values.start)}, opent de aanspraak.`,
  consent: ({ date, code }) =>
    code === '0584'
      ? `De zittingen van de toestemming zijn op: een toestemming die op ${text(date)} zittingen over heeft, opent de basisverzekering.`
      : `Een toestemming van de verzekeraar die op ${text(date)} geldt, opent de basisverzekering.`,
  extension: ({ months, end }) => `Met een bevestigde verlenging van ${text(months)} maanden eindigt de termijn op ${text(end)}.`,
  episode: ({ from }, { condition }) =>
    `Een bevestigde nieuwe episode van ${conditionName(condition, 'nl')}, vanaf ${text(from)} of eerder, begint een eigen telling en termijn.`,
  'earlier-start': ({ before }) => `Een geïmporteerde historie die voor ${text(before)} begon, verandert dit.`,
  insurance: ({ date, insurer }) => `Een verzekeringsperiode bij ${text(insurer)} die ${text(date)} dekt, maakt de regel geldig.`,
  'declare-performance': () => 'Opnieuw gedeclareerd met een prestatie, aantal en bedragen die kloppen, kan zij meetellen.',
  'declare-diagnosis': () => 'Opnieuw gedeclareerd onder een diagnosecode die op de datum open is, kan zij meetellen.',
  'declare-indication': ({ diagnosis }) =>
    `Opnieuw gedeclareerd met een indicatie die diagnose ${text(diagnosis)} toestaat, kan zij meetellen.`,
  'declare-required': ({ diagnosis }) =>
    `Opnieuw gedeclareerd met een prestatie die diagnose ${text(diagnosis)} vraagt, kan zij meetellen.`,
  'override-ends': ({ from }) =>
    `Vanaf ${text(from)}, of zodra iemand de handmatige vaststelling beëindigt, wordt weer op de feiten beslist.`,
};

const SENTENCES: Readonly<Record<Language, Readonly<Record<NextKind, Sentence>>>> = { en: ENGLISH, nl: DUTCH };

export const nextSentence = (change: NextChange, trace: Trace, language: Language): string =>
  SENTENCES[language][change.kind](change.values, trace);
