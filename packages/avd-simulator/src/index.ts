export { type Demo, startDemo } from './demo.ts'
export { signed } from './sign.ts'
export { type SimulatedAvd, startSimulatedAvd } from './simulated-avd.ts'
