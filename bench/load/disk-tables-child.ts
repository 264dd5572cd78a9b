/** A DynamoDB that keeps its tables in the folder named on the command line, until the parent disconnects. */
import dynalite from 'dynalite'
import { listen } from '../listen.ts'

const server = dynalite({ path: String(process.argv[2]), createTableMs: 0 })
process.on('disconnect', () => process.exit())
process.send?.(await listen(server))
