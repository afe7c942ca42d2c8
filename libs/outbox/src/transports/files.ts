import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { AtomicFile, sweepAbandoned } from '#libs/platform';
import type { Mail } from '../mail';
import { DeliveryError, type Transport } from './transport';

/** Nobody can answer to a file. */
const FROM = 'traject@localhost.invalid';

/**
 * One file per message, `<id>.eml`, whole or not at all. A message that is delivered again has the same name and the same bytes: there
 * is one file of it, unless somebody took the first away meanwhile.
 */
export function filesTransport(folder: string): Transport {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return {
    needsAddress: false,
    from: FROM,
    deliver: async (mail) => {
      const { to, ...rest } = mail;
      const { message } = await composer.sendMail({ ...rest, ...(to === null ? {} : { to }) });
      try {
        await mkdir(folder, { recursive: true });
        const path = join(folder, `${fileName(mail)}.eml`);
        await sweepAbandoned(path);
        const file = new AtomicFile(path);
        await file.write(message as Buffer);
        await file.commit();
      } catch (error) {
        throw new DeliveryError((error as NodeJS.ErrnoException).code ?? 'FILE', false, { cause: error });
      }
    },
    close: () => composer.close(),
  };
}

const fileName = ({ messageId }: Mail): string => messageId.slice(1).split('@')[0] ?? '';
