import type { Scheduler } from 'fast-check'
import type { ApplyDependencies } from '../../lambdas/apply-events/dependencies.ts'

type Call = (run: () => Promise<unknown>, name: string) => Promise<unknown>

/** The same stores, with every call made through `call`. */
function intercepted({ log, store, rules }: ApplyDependencies, call: Call): ApplyDependencies {
  const wrap = <Store extends object>(target: Store): Store =>
    new Proxy(target, {
      get(object, name, receiver) {
        const method: unknown = Reflect.get(object, name, receiver)
        if (typeof method !== 'function') return method
        return (...given: unknown[]) => call(() => Reflect.apply(method, object, given), String(name))
      },
    })
  return { log: wrap(log), store: wrap(store), rules }
}

/** Calls take effect, and answer, in the order that the scheduler chooses. */
export function scheduled(dependencies: ApplyDependencies, scheduler: Scheduler): ApplyDependencies {
  return intercepted(dependencies, async (run, name) => {
    await scheduler.schedule(Promise.resolve(), `${name} called`)
    const answer = await run()
    await scheduler.schedule(Promise.resolve(), `${name} answered`)
    return answer
  })
}

/**
 * Of ten calls, one fails before it has done anything and one after it has: the answer is lost.
 * After a hundred calls the trouble is over.
 */
export function failingNowAndThen(dependencies: ApplyDependencies, throwDie: () => number): ApplyDependencies {
  let calls = 0
  return intercepted(dependencies, async (run, name) => {
    const die = calls++ < 100 ? throwDie() : 9
    if (die === 0) throw new Error(`${name} failed`)
    const answer = await run()
    if (die === 1) throw new Error(`the answer of ${name} was lost`)
    return answer
  })
}
