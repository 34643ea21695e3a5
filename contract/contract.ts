/** Everything a face can ask of Warifu, by room. The one door between faces and core. */
import type { ContractRouterClient } from '@orpc/contract';
import { audit } from './audit.ts';
import { authority } from './authority.ts';
import { backup } from './backup.ts';
import { certificate } from './certificate.ts';
import { cloud } from './cloud.ts';
import { guide } from './guide.ts';
import { home } from './home.ts';
import { practice } from './practice.ts';
import { probe } from './probe.ts';
import { rollout } from './rollout.ts';
import { serverCertificate } from './server-certificate.ts';
import { settings } from './settings.ts';
import { transfer } from './transfer.ts';
import { trustStore } from './trust-store.ts';
import { vault } from './vault.ts';

export const contract = {
  vault,
  backup,
  transfer,
  authority,
  certificate,
  serverCertificate,
  cloud,
  rollout,
  trustStore,
  probe,
  practice,
  audit,
  guide,
  home,
  settings,
};

export type WarifuClient = ContractRouterClient<typeof contract>;
