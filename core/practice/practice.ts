/** Practice: a simulated region beside the app, and the cloud account that points at it. */
import type { PracticeStatus } from '../../contract/practice.ts';
import { saveAccount } from '../cloud/accounts.ts';
import { type CoreContext, requireUnlocked } from '../context.ts';

/** A running region. Given by the face: core takes nothing from the simulator. */
export interface PracticeRegion {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly regionId: string;
  readonly backends: readonly { readonly serverId: string; readonly url: string }[];
  /** The address that the next load balancer will get. */
  nextAddress(): string;
  /** By listener: requests answered, by server id. */
  traffic(): readonly { readonly served: Readonly<Record<string, number>> }[];
  close(): Promise<void>;
}

/** @throws Problem PORT_BUSY */
export type StartPractice = (options: {
  readonly port: number;
  readonly statePath?: string;
}) => Promise<PracticeRegion>;

/** The cloud account of Practice; its name can be taken by nothing else. */
export const practiceAccount = 'practice';

/** At most one region runs per core. */
export class Practice {
  readonly #context: CoreContext;
  readonly #start: StartPractice | undefined;
  #region: PracticeRegion | undefined;

  constructor(context: CoreContext, start: StartPractice | undefined) {
    this.#context = context;
    this.#start = start;
  }

  /**
   * Starts the region, or answers with the one that runs, and points the account `practice` at it.
   * @throws Problem PORT_BUSY, VAULT_LOCKED
   */
  async start(port: number): Promise<PracticeStatus> {
    if (this.#region || !this.#start) return this.status();
    requireUnlocked(this.#context);
    this.#region = await this.#start({ port });
    const { accessKeyId, accessKeySecret, regionId, endpoint } = this.#region;
    saveAccount(this.#context, {
      name: practiceAccount,
      accessKeyId,
      accessKeySecret,
      regionId,
      endpoint,
      practice: true,
    });
    return this.status();
  }

  async stop(): Promise<PracticeStatus> {
    await this.#region?.close();
    this.#region = undefined;
    return this.status();
  }

  /** Whether this account is that of Practice, and nobody listens there: asking would only take its time. */
  isAsleep({ name, practice }: { readonly name: string; readonly practice: boolean }): boolean {
    return practice && name === practiceAccount && !this.#region;
  }

  status(): PracticeStatus {
    const region = this.#region;
    if (!region)
      return {
        running: false,
        endpoint: null,
        regionId: null,
        account: null,
        nextAddress: null,
        backends: [],
      };
    const answered = (serverId: string): number =>
      region.traffic().reduce((sum, { served }) => sum + (served[serverId] ?? 0), 0);
    return {
      running: true,
      endpoint: region.endpoint,
      regionId: region.regionId,
      account: practiceAccount,
      nextAddress: region.nextAddress(),
      backends: region.backends.map(({ serverId, url }) => ({ serverId, url, requests: answered(serverId) })),
    };
  }
}
