export { Northbound, type NorthboundProps } from './northbound.ts'
export type { Settings } from './settings.ts'
