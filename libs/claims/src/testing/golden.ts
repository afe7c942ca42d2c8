/** What the golden message `fixtures/claim.pm304` says. Its bytes were placed by hand from the standard's tables, not by a writer. */
import type { Pm304HeaderInput, Pm304InsuredInput } from '../index';

export const GOLDEN_HEADER: Pm304HeaderInput = {
  softwareCode: '004321',
  softwareVersion: '7.4',
  insurer: '3343',
  practice: '04123456',
  periodStart: '2024-01-01',
  periodEnd: '2024-01-31',
  invoice: '2024-0001',
  invoiceDate: '2024-02-01',
};

const COMMON = { diagnosis: '3176', therapist: '04654321' };

export const GOLDEN_PERSON: Pm304InsuredInput = {
  bsn: '957136171',
  relationNumber: 'R0001',
  patientNumber: 'P77',
  birthDate: '1961-05-17',
  sex: '2',
  name: 'Müller-Ågren',
  namePrefix: 'van der',
  partnerName: "d'Été",
  initials: 'JM',
  postcode: '1234AB',
  houseNumber: 12,
  houseNumberAddition: 'bis',
  lines: [
    {
      ...COMMON,
      date: '2024-01-15',
      performance: '1000',
      csi: '008',
      referralDate: '2024-01-02',
      referrer: '01000017',
      tariffCents: 3550,
      reference: 'REF-1',
    },
    {
      ...COMMON,
      date: '2024-01-22',
      performance: '1200',
      quantity: 2,
      csi: '001',
      authorisation: 'M-2024-7',
      tariffCents: 4600,
      reference: 'REF-2',
      comments: ['Dubbele zitting wegens reistijd'],
    },
    {
      ...COMMON,
      debitCredit: 'C',
      date: '2023-12-04',
      performance: '1000',
      csi: '008',
      tariffCents: 3400,
      reference: 'REF-3',
      relatedReference: 'OLD-88',
    },
  ],
};
