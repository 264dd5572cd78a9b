import { describe } from 'vitest'
import { memoryDependencies } from '../support/apply.ts'
import { extremeMessagesContract, slowExtremeMessagesContract } from './extreme-messages.ts'
import { storesContract } from './stores.ts'

describe('stores in memory', () => {
  storesContract(async () => memoryDependencies(), { events: 1000, conflicts: 1000 })
  // Engines have the other kinds.
  extremeMessagesContract(async () => memoryDependencies(), ['ASCII text', 'Chinese text', 'control characters'])
  slowExtremeMessagesContract(async () => memoryDependencies())
})
