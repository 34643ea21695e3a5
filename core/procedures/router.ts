import { audit } from './audit.ts';
import { authority } from './authority.ts';
import { backup } from './backup.ts';
import { os } from './base.ts';
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

/** Every procedure of the contract, implemented. */
export const router = os.router({
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
});
