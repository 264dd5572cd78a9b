import { describe } from 'vitest'
import { memoryDependencies } from '../support/apply.ts'
import { storesContract } from './stores.ts'

describe('stores in memory', () => storesContract(async () => memoryDependencies(), 1000))
