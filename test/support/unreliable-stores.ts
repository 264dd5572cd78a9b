import type { Scheduler } from 'fast-check'
import type { ApplyDependencies } from '../../lambdas/apply-events/dependencies.ts'

export type InterceptCall = (run: () => Promise<unknown>, name: string) => Promise<unknown>

/** Returns the same target, with every call of its methods made through `intercept`. */
export function interceptMethods<Target extends object>(target: Target, intercept: InterceptCall): Target {
  return new Proxy(target, {
    get(object, name, receiver) {
      const method: unknown = Reflect.get(object, name, receiver)
      if (typeof method !== 'function') return method
      return (...given: unknown[]) => intercept(() => Reflect.apply(method, object, given), String(name))
    },
  })
}

/** Returns the same stores, with every call made through `intercept`. */
export function interceptCalls(
  { log, store, ...rest }: ApplyDependencies,
  intercept: InterceptCall,
): ApplyDependencies {
  return { log: interceptMethods(log, intercept), store: interceptMethods(store, intercept), ...rest }
}

/** Lets the scheduler choose the order in which concurrent calls take effect and return. */
export function scheduleCalls(dependencies: ApplyDependencies, scheduler: Scheduler): ApplyDependencies {
  return interceptCalls(dependencies, async (run, name) => {
    await scheduler.schedule(Promise.resolve(), `${name} called`)
    const result = await run()
    await scheduler.schedule(Promise.resolve(), `${name} returned`)
    return result
  })
}

const maxUnreliableCalls = 100

/**
 * Makes the first 100 calls unreliable: one in ten fails before it takes effect, and one in ten fails afterwards, so that
 * its result is lost.
 *
 * @param rollDie returns 0 to 9.
 */
export function failSomeCalls(dependencies: ApplyDependencies, rollDie: () => number): ApplyDependencies {
  let calls = 0
  return interceptCalls(dependencies, async (run, name) => {
    const die = calls++ < maxUnreliableCalls ? rollDie() : 9
    if (die === 0) throw new Error(`${name} failed`)
    const result = await run()
    if (die === 1) throw new Error(`the result of ${name} was lost`)
    return result
  })
}
