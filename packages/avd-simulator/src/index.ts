export type { ListName } from './api-server.ts'
export type { CallbackCounts, CallbackStatus, DropRule } from './callback-sender.ts'
export { type DemoInstallation, type DemoOptions, startDemoInstallation } from './demo-installation.ts'
export { DemoTraffic } from './demo-traffic.ts'
export type { ClientInfo, SimulatedRoom, SimulatedStream, SimulatedUser, StreamType } from './installation-state.ts'
export type { PagingStyle } from './list-paging.ts'
export type { ListBehaviour } from './list-responses.ts'
export { customListPaths, type ListShape } from './list-shapes.ts'
export { LoadTraffic, type LoadTrafficOptions } from './load-traffic.ts'
export type { UserReference } from './media-server.ts'
export type { RecordingOptions, RecordingResult } from './recorder.ts'
export { generateSchool } from './school/generate-school.ts'
export type {
  School,
  SchoolOptions,
  ScriptedEvent,
  ScriptedOpening,
  ScriptedRecording,
  ScriptedRoom,
  ScriptedUser,
  ScriptedVisit,
  ScriptedWarning,
} from './school/school.ts'
export { SeededRandom } from './seeded-random.ts'
export { type CallbackParameters, signCallback } from './sign-callback.ts'
export {
  type SimulatedAvd,
  type SimulatedAvdOptions,
  startSimulatedAvd,
} from './simulated-avd.ts'
export type { UnreachablePort } from './simulated-platform.ts'
export { type ChannelOptions, type DeliveredCallback, deliverCallbacks, perfectChannel } from './trace/channel.ts'
export { generateTrace } from './trace/generate-trace.ts'
export {
  defaultRoomListOptions,
  type RoomListEntry,
  type RoomListOptions,
  RoomListReplay,
} from './trace/room-list-replay.ts'
export type {
  GroundTruth,
  Incident,
  IncidentKind,
  InstallationTrace,
  Interval,
  SentCallback,
  TrueMedium,
  TrueOpening,
  TruePresence,
} from './trace/trace.ts'
export { defaultTraceOptions, type TraceOptions } from './trace/trace-options.ts'
