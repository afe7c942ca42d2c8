import { table } from './table';

export interface PaymentChangeRow {
  personId: string;
  revision: number;
  line: string;
  practice: string;
  reference: string;
  invoice: string;
  sessionDate: string;
  grantedBeforeCents: number;
  grantedNowCents: number;
  causeType: string;
  causeId: string;
  recordedOn: string;
}

export const PAYMENT_CHANGES = table<PaymentChangeRow>('payment_change', ['personId', 'revision', 'line'], {
  personId: 'uuid',
  revision: 'integer',
  line: 'text',
  practice: 'text',
  reference: 'text',
  invoice: 'text',
  sessionDate: 'date',
  grantedBeforeCents: 'integer',
  grantedNowCents: 'integer',
  causeType: 'text',
  causeId: 'text',
  recordedOn: 'date',
});
