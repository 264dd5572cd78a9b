import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyProject, type ProjectCopy } from '../support/project-copy.ts'

describe('the template checks of the synthesis', () => {
  let project: ProjectCopy
  beforeEach(async () => {
    project = await copyProject()
  })
  afterEach(() => project.remove())

  it('report a finding without an acknowledgement, and a grant with a wildcard action', async () => {
    await project.replace('lib/query-api.ts', "'AwsSolutions-SMG4'", "'AwsSolutions-other'")
    await project.replace('lib/callback-receiver.ts', "allow(['sqs:SendMessage']", "allow(['sqs:*']")
    const { code, output } = await project.synthesize()
    expect(output).toMatch(
      /ERROR The secret does not have automatic rotation[\s\S]*Northbound\/Default\/Query\/ApiToken/,
    )
    expect(output).toMatch(/ERROR The IAM entity contains wildcard permissions[\s\S]*Action::sqs:\*/)
    expect(code).toBe(1)
  })

  it("report a violation of the CDK's own rules", async () => {
    await project.replace('lib/query-api.ts', 'timeout: Duration.seconds(15)', 'timeout: Duration.seconds(901)')
    const { code, output } = await project.synthesize()
    expect(output).toMatch(/ERROR[\s\S]*Timeout/)
    expect(code).toBe(1)
  })
})
