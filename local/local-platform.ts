import { type DemoInstallation, startDemoInstallation } from '@northbound/avd-simulator'
import type { AvdConnection, LocalOptions } from './local-options.ts'

/** The platform that a local run reconciles with: the user's, a simulated one, or none. */
export interface LocalPlatform {
  /** Null without a platform. */
  readonly url: string | null
  /** The value of the platform's secret. An empty object turns reconciliation off. */
  readonly secret: object
  /** Makes a simulated platform send callbacks. Does nothing for other platforms. */
  startCallbacks(callbackUrl: string): void
  stop(): Promise<void>
}

export async function choosePlatform({
  avd,
  demo,
  checkCodeKey,
}: Pick<LocalOptions, 'avd' | 'demo' | 'checkCodeKey'>): Promise<LocalPlatform> {
  if (demo) return demoPlatform(await startDemoInstallation({ checkCodeKey: checkCodeKey ?? null }))
  return {
    url: avd?.baseUrl ?? null,
    secret: avd ? buildSecret(avd) : {},
    startCallbacks: () => {},
    stop: async () => {},
  }
}

function demoPlatform(demo: DemoInstallation): LocalPlatform {
  const { url: baseUrl, accessKey, secretKey } = demo
  return {
    url: baseUrl,
    secret: buildSecret({ baseUrl, accessKey, secretKey }),
    startCallbacks: (callbackUrl) => demo.startTraffic(callbackUrl),
    stop: () => demo.stop(),
  }
}

function buildSecret({ baseUrl, accessKey, secretKey, listPaths }: AvdConnection): object {
  return {
    base_url: baseUrl,
    access_key: accessKey,
    secret_key: secretKey,
    ca_pem: null,
    list_paths: listPaths ?? null,
  }
}
