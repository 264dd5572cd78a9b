/** Stands for a value that is missing. In a row on a narrow screen, it is left out with its title. */
export function None() {
  return <span class="none">–</span>
}
