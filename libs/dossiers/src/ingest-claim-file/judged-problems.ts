/** Return codes of lines that could be read, as problems that name the field and say what to do. */
import { fieldOf, fieldProblem, fileProblem, PM304_LAYOUT, type FieldProblem } from '#libs/claims';
import type { ProcessedLine } from '#libs/trajectory';

/** By return code: the field of the performance record (04) that it is about, and a sentence without the field's content. */
const MEANING: Readonly<Record<string, readonly [field: string, problem: string]>> = {
  '0320': ['0403', 'The person is not insured here on the date of the session; look up who insures.'],
  '0328': ['0408', 'The session lies after the death of the insured person; correct the date.'],
  '0562': ['0410', 'The diagnosis or indication needs another kind of therapist; correct the performance code.'],
  '0581': ['0409', 'The performance code list does not exist on this date; correct it.'],
  '0582': ['0410', 'The performance code does not exist in its list on this date; correct it.'],
  '0587': [
    '0434',
    'The same session was claimed before under another reference; credit that line first if this one is to stand.',
  ],
  '0638': ['0411', 'The number of sessions is more than one line may hold; split the line or correct the number.'],
  '3102': ['0421', 'The indication code is missing or not in force on this date; correct it.'],
  '8009': ['0418', 'The diagnosis code is missing, unknown or closed on this date; claim under a code that is open.'],
  '8017': ['0435', 'The credit matches no accepted line: name its reference, with the same person, date and amount.'],
  '8021': ['0434', 'The reference number belongs to another line of this practice; give each line its own.'],
  '8058': ['0421', 'The indication code is not allowed with this diagnosis, age or performance; correct the one or the other.'],
  '8059': ['0432', 'Tariff times number, the calculated and the declared amount differ; make them the same.'],
  '8062': ['0435', 'The line credited stands in this same file; leave both out.'],
  '8067': ['0434', 'The line was claimed before; nothing is to be done.'],
  '8084': ['0435', 'The line was credited before; nothing is to be done.'],
};
const UNKNOWN_PERSON = 'Nobody is known by this BSN; check the number, or have the person registered and send the line again.';

/** The problems of a line that was refused or is invalid; none for the other outcomes. */
export function judgedProblems({ record, outcome, codes }: ProcessedLine): FieldProblem[] {
  if (outcome !== 'refused' && outcome !== 'invalid') return [];
  return codes.map((code) => {
    const meaning = MEANING[code];
    if (meaning === undefined) return fileProblem(code, record, 'The line is not accepted; the return code says why.');
    const [field, problem] = meaning;
    const isUnknown = code === '0320' && outcome === 'refused';
    return fieldProblem(code, record, fieldOf(PM304_LAYOUT['04'], field), isUnknown ? UNKNOWN_PERSON : problem);
  });
}
