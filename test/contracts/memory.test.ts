import { describe } from 'vitest'
import { memoryDependencies } from '../support/apply.ts'
import { textKinds } from '../support/extreme-messages.ts'
import { extremeMessagesContract, slowExtremeMessagesContract } from './extreme-messages.ts'
import { storesContract } from './stores.ts'

describe('stores in memory', () => {
  storesContract(async () => memoryDependencies(), { events: 1000, conflicts: 1000 })
  extremeMessagesContract(async () => memoryDependencies(), textKinds)
  slowExtremeMessagesContract(async () => memoryDependencies())
})
