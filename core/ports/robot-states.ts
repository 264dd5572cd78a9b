import type { RobotTrouble } from '../retries/robot-pause.ts'

/** `taken`: no other instance sends to the robot before the turn ends. `busy`: nothing may be sent to it before `until`, in ms since 1970. */
export type RobotTurn =
  | { readonly outcome: 'taken'; readonly trouble: RobotTrouble | undefined }
  | { readonly outcome: 'busy'; readonly until: number }

/** What all instances of the function know about the group robots, by the robots' ids. */
export interface RobotStates {
  /**
   * Takes the robot's turn if it is free and its pause is over. A pause that is much longer than `maxPauseMs` was stored by an instance
   * with a wrong clock, and is ignored.
   *
   * @param now ms since 1970.
   * @param expiresAt ms since 1970: when the turn ends by itself.
   * @throws if that could not be stored.
   */
  takeTurn(id: string, now: number, expiresAt: number, signal?: AbortSignal): Promise<RobotTurn>
  /**
   * Ends a turn.
   *
   * @param nextAt ms since 1970: when the next message may be sent.
   * @param trouble undefined if the robot takes messages.
   * @throws if that could not be stored.
   */
  endTurn(id: string, nextAt: number, trouble: RobotTrouble | undefined, signal?: AbortSignal): Promise<void>
  /** @returns the robots that do not take messages, by id. */
  readTroubles(ids: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, RobotTrouble>>
}
