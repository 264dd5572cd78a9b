import { describe, expect, it } from 'vitest'
import { DeliveryFaults } from '../../src/polling/delivery-faults.ts'

const fault = { repeatShare: 0.5, delayShare: 0.5, maxDelaySeconds: 4 }

describe('delivery faults', () => {
  it('change nothing unless one is injected, and after it has ended', () => {
    const faults = new DeliveryFaults()
    expect(faults.divide([1, 2, 3])).toEqual({ now: [1, 2, 3], later: [] })
    expect(faults.isRepeated()).toBe(false)
    const end = faults.inject({ ...fault, delayShare: 1, random: () => 0.99 })
    expect(faults.divide([1]).later).toEqual([{ message: 1, seconds: 4 }])
    end()
    expect(faults.divide([1]).later).toEqual([])
  })

  it('delay a share of the messages, reorder the others, and repeat a share', () => {
    const faults = new DeliveryFaults()
    const numbers = [0.9, 0.1, 0.9, 0.6, 0.8, 0.2]
    faults.inject({ ...fault, random: () => numbers.shift() ?? 0 })
    expect(faults.divide(['a', 'b', 'c'])).toEqual({ now: ['c', 'a'], later: [{ message: 'b', seconds: 3 }] })
    expect(faults.isRepeated()).toBe(true)
  })
})
