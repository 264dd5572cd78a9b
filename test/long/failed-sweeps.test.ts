import { it } from 'vitest'
import { verifyThreeFailedSweeps } from '../system/reconcile/unusable-lists.ts'

it('reconciliation corrects nothing and alerts after the third room list that times out', async () => {
  await verifyThreeFailedSweeps({}, 'timeout')
})
