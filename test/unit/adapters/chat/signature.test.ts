import { describe, expect, it } from 'vitest'
import { signForDingtalk, signForFeishu } from '../../../../adapters/chat/signature.ts'

describe('signatures of group robots', () => {
  it('signs for DingTalk with the secret as key, over the time in ms and the secret', () => {
    expect(signForDingtalk('SECdemo', 1_599_360_473_000)).toBe('tGWkA5eQOQNCNPDgphtxIoNLO+/gD8Lcb705KQoRzeY=')
  })

  it('signs for Feishu with the time in seconds and the secret as key, over empty data', () => {
    expect(signForFeishu('demo', 100)).toBe('jquNHnVOwmDRfw+vqTIrY5dooJAgi5EcRtLsQE4wfXg=')
  })
})
