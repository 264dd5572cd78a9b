import { type Demo, startDemo } from '../packages/avd-simulator/src/demo.ts'

/** How to ask a 3TEE AVD installation who is online. */
export interface AvdOptions {
  readonly baseUrl: string
  readonly accessKey: string
  readonly secretKey: string
  /** JMESPath by name, where the lists are not written in one of the usual ways. */
  readonly listPaths?: Readonly<Record<string, string>>
}

/** What the run reconciles with: an installation of the user's, a simulated one, or nothing. */
export interface Platform {
  readonly url: string | null
  /** What the secret says of it; empty: no reconciliation. */
  readonly secret: object
  /** A simulated one begins to call back. */
  begin(callbackUrl: string): void
  stop(): Promise<void>
}

export interface PlatformChoice {
  readonly avd?: AvdOptions
  readonly demo?: boolean
  readonly checkCodeKey?: string
}

export async function choosePlatform({ avd, demo, checkCodeKey }: PlatformChoice): Promise<Platform> {
  if (demo) return simulated(await startDemo({ checkCodeKey: checkCodeKey ?? null }))
  return {
    url: avd?.baseUrl ?? null,
    secret: avd ? secretOf(avd) : {},
    begin: () => {},
    stop: async () => {},
  }
}

function simulated(demo: Demo): Platform {
  const { url: baseUrl, accessKey, secretKey } = demo
  return {
    url: baseUrl,
    secret: secretOf({ baseUrl, accessKey, secretKey }),
    begin: (callbackUrl) => demo.begin(callbackUrl),
    stop: () => demo.stop(),
  }
}

function secretOf({ baseUrl, accessKey, secretKey, listPaths }: AvdOptions): object {
  return {
    base_url: baseUrl,
    access_key: accessKey,
    secret_key: secretKey,
    ca_pem: null,
    list_paths: listPaths ?? null,
  }
}
