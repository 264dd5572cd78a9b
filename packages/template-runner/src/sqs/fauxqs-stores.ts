import type { buildApp } from 'fauxqs'

/** What the emulator keeps its queues, topics and buckets in. */
export type FauxqsStores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>
export type FauxqsQueue = ReturnType<FauxqsStores['sqsStore']['createQueue']>
export type FauxqsMessage = FauxqsQueue['messages'][number]

/**
 * Creates the stores of the emulator. `buildApp` accepts stores, but the package does not export their classes, so they are
 * imported by the paths of their files in the pinned version.
 */
export async function createFauxqsStores(): Promise<FauxqsStores> {
  const main = import.meta.resolve('fauxqs')
  const load = (file: string) => import(new URL(file, main).href)
  const { SqsStore }: { SqsStore: new () => FauxqsStores['sqsStore'] } = await load('./sqs/sqsStore.js')
  const { SnsStore }: { SnsStore: new () => FauxqsStores['snsStore'] } = await load('./sns/snsStore.js')
  const { S3Store }: { S3Store: new () => FauxqsStores['s3Store'] } = await load('./s3/s3Store.js')
  return { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() }
}
