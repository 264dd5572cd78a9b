#!/usr/bin/env node
import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { NorthboundStack } from '../lib/northbound-stack.ts'
import { readContext } from '../lib/read-context.ts'
import { readSettingsFile } from '../lib/settings-file.ts'

const app = new App()
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
try {
  const { name, owner, settings } = readContext({
    context: app.node.getAllContext(),
    // Tests set the variable to an empty text, so that the file of this folder does not change their results.
    file: readSettingsFile(process.env.NORTHBOUND_SETTINGS_FILE),
    region: process.env.CDK_DEFAULT_REGION,
  })
  new NorthboundStack(app, name, { settings, tags: { name, ...(owner !== undefined && { owner }) } })
} catch (error) {
  console.error(`northbound: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
