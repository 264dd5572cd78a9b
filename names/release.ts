/** The version in `package.json`. A test compares them: the bundles of the functions do not contain that file. */
export const release = '1.0.0-rc.1'
