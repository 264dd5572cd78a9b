export type { RobotReply, RobotSettings } from './robot-rules.ts'
export { type SimulatedChat, type SimulatedChatOptions, startSimulatedChat } from './simulated-chat.ts'
export type { ReceivedMessage, RobotFault, ServiceName, SimulatedRobot } from './simulated-robot.ts'
