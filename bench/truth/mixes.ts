import type { ChannelOptions, RoomListOptions, TraceOptions } from '@northbound/avd-simulator'

/** An installation, its network and its room list. */
export type TruthMix = {
  readonly name: string
  readonly trace: Partial<TraceOptions>
  readonly channel: Partial<ChannelOptions>
  readonly list: Partial<RoomListOptions>
  /** % of the true person-minutes (docs/contract.md, section 9). */
  readonly maxErrorPercent: number
}

const reordering = { meanDelayMs: 50, lateShare: 0.02 }

export const truthMixes: readonly TruthMix[] = [
  { name: 'clean', trace: {}, channel: {}, list: {}, maxErrorPercent: 0.02 },
  { name: 'reorder', trace: {}, channel: reordering, list: {}, maxErrorPercent: 0.02 },
  { name: 'loss', trace: {}, channel: { meanDelayMs: 50, lostShare: 0.01 }, list: {}, maxErrorPercent: 0.04 },
  { name: 'crash', trace: { crashesPerDay: 2 }, channel: { meanDelayMs: 50 }, list: {}, maxErrorPercent: 0.15 },
  {
    name: 'partial-list',
    trace: {},
    channel: { meanDelayMs: 50 },
    list: { partialEpisodesPerDay: 4 },
    maxErrorPercent: 0.03,
  },
  {
    name: 'all-mild',
    trace: { crashesPerDay: 1 },
    channel: { ...reordering, lostShare: 0.002, duplicateShare: 0.005, outagesPerDay: 0.5 },
    list: { failedShare: 0.01, partialEpisodesPerDay: 1, emptyEpisodesPerDay: 0.5 },
    maxErrorPercent: 0.2,
  },
  {
    name: 'all-hard',
    trace: { crashesPerDay: 2 },
    channel: { ...reordering, lostShare: 0.01, duplicateShare: 0.02, outagesPerDay: 2 },
    list: { failedShare: 0.05, partialEpisodesPerDay: 4, emptyEpisodesPerDay: 2 },
    maxErrorPercent: 0.5,
  },
]
