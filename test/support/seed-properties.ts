import fc from 'fast-check'

// The same histories in every run, so that a mutant does not survive one run and not the next.
fc.configureGlobal({ seed: 22 })
