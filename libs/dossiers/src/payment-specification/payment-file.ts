import { AtomicFile } from '#libs/platform';
import { paymentSpecificationCsv, type PaymentSpecification } from './specification';

/** Writes the specifications as `<base>.json` and `<base>.csv`, each whole or not at all. Answers the CSV's path and the JSON's. */
export async function writePaymentFiles(
  base: string,
  specifications: readonly PaymentSpecification[],
): Promise<readonly [csv: string, json: string]> {
  const [csv, json] = [`${base}.csv`, `${base}.json`];
  await writeWhole(json, `${JSON.stringify(specifications, null, 2)}\n`);
  await writeWhole(csv, paymentSpecificationCsv(specifications));
  return [csv, json];
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = new AtomicFile(path);
  await file.write(text);
  await file.commit();
}
