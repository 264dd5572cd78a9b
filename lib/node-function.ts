import { fileURLToPath } from 'node:url'
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import { type BundlingOptions, NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs'
import * as logs from 'aws-cdk-lib/aws-logs'
import type * as sns from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { EnvironmentName } from '../names/environment.ts'
import type * as metricNames from '../names/metrics.ts'
import { type CallbackOutcome, outcomeDimension } from '../names/outcomes.ts'
import type { ServiceName } from '../names/services.ts'
import { acknowledge } from './acknowledge.ts'
import { installationName } from './installation-name.ts'
import { isInMainlandChina, regionOf } from './region.ts'
import { type AlarmImpact, RunbookAlarm } from './runbook-alarm.ts'
import type { Settings } from './settings.ts'

export const projectRoot = fileURLToPath(new URL('..', import.meta.url))

export type MetricName = (typeof metricNames)[keyof typeof metricNames]

export interface NodeFunctionProps {
  /** The folder in `lambdas/` whose `index.ts` is the entry point. */
  readonly service: ServiceName
  readonly description: string
  readonly timeout: Duration
  /** Lambda allocates CPU in proportion. */
  readonly memoryMb: number
  readonly environment: Readonly<Partial<Record<EnvironmentName, string>>>
  readonly settings: Pick<Settings, 'logRetentionDays'>
  /** @default none: the function shares the account's unreserved concurrency */
  readonly reservedConcurrency?: number
  /** Shell commands that add files to the bundle, given its folder. */
  readonly afterBundling?: (bundle: string) => string[]
  /** Level of the lines that Lambda itself logs about each invocation. @default INFO */
  readonly systemLogLevel?: lambda.SystemLogLevel
  /**
   * Whether the function may be part of a loop of invocations. Lambda stops any other function after about 16 invocations
   * by messages that follow from one another.
   *
   * @default false
   */
  readonly isPartOfLoop?: boolean
  /** @default none: the invoker of the function sees the error */
  readonly alarms?: FunctionAlarms
}

export interface FunctionAlarms {
  readonly topic: sns.ITopic
  readonly errors: InvocationAlarm
  readonly throttles: InvocationAlarm
}

export interface InvocationAlarm {
  /** The alarm fires at this many invocations within five minutes. */
  readonly threshold: number
  readonly impact: AlarmImpact
}

/**
 * A bundled Node 24 function with its own role, its own log group, and optional alarms on errors and throttles.
 *
 * The role may only write to that log group. Further permissions are granted statement by statement next to the function's
 * construct, so that the template lists exactly the calls that it makes.
 */
export class NodeFunction extends NodejsFunction {
  private readonly service: ServiceName
  private readonly metricsNamespace: string

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    const metricsNamespace = installationName(scope)
    const logGroup = new logs.LogGroup(scope, `${id}Logs`, {
      retention: props.settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const role = new iam.Role(scope, `${id}Role`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `Permissions of ${props.service}`,
    })
    logGroup.grantWrite(role)
    super(scope, id, {
      entry: `${projectRoot}lambdas/${props.service}/index.ts`,
      projectRoot,
      depsLockFilePath: `${projectRoot}package-lock.json`,
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      // ARM costs less, but AWS does not document it for the regions in mainland China. The code runs on both.
      architecture: isInMainlandChina(regionOf(scope)) ? lambda.Architecture.X86_64 : lambda.Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memoryMb,
      environment: { ...props.environment, METRICS_NAMESPACE: metricsNamespace },
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      role,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      ...(props.isPartOfLoop && { recursiveLoop: lambda.RecursiveLoop.ALLOW }),
      systemLogLevelV2: props.systemLogLevel ?? lambda.SystemLogLevel.INFO,
      bundling: bundlingOptions(props.afterBundling),
    })
    this.service = props.service
    this.metricsNamespace = metricsNamespace
    acknowledge(this, {
      'Serverless-LambdaDLQ':
        'A dead-letter queue is for asynchronous invocations that are not retried otherwise. Callbacks and queries return errors to their caller, the event queue has a dead-letter queue, and the next sweep repeats a failed one.',
      'Serverless-LambdaTracing':
        'Tracing every event would cost more than processing it (5 USD per million traces). The trace_id in the logs follows an event from the request to the state.',
    })
    if (props.alarms !== undefined) this.addAlarms(scope, id, props.alarms)
  }

  /** A metric that the function emits in its log (EMF). */
  ownMetric(
    metricName: MetricName,
    props: cloudwatch.MetricOptions & { readonly outcome?: CallbackOutcome } = {},
  ): cloudwatch.Metric {
    const { outcome, ...options } = props
    return new cloudwatch.Metric({
      namespace: this.metricsNamespace,
      metricName,
      dimensionsMap: { service: this.service, ...(outcome === undefined ? {} : { [outcomeDimension]: outcome }) },
      statistic: 'Sum',
      ...options,
    })
  }

  /** A metric as one line for each value that a dimension has had. */
  ownMetricByDimension(metricName: MetricName, dimension: string, period: Duration): cloudwatch.MathExpression {
    const dimensions = `${this.metricsNamespace},${dimension},service`
    return new cloudwatch.MathExpression({
      expression: `SEARCH('{${dimensions}} MetricName="${metricName}" service="${this.service}"', 'Sum', ${period.toSeconds()})`,
      usingMetrics: {},
      label: '',
      period,
    })
  }

  /** Grants exactly these actions on exactly these resources. */
  allow(actions: readonly string[], ...resources: readonly string[]): void {
    this.addToRolePolicy(new iam.PolicyStatement({ actions: [...actions], resources: [...resources] }))
  }

  /** Grants an action on the items of a table that have this partition key. */
  allowGroup(action: string, tableArn: string, group: string): void {
    this.addToRolePolicy(
      new iam.PolicyStatement({
        actions: [action],
        resources: [tableArn],
        conditions: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [group] },
          // ForAllValues also holds for a request without keys.
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      }),
    )
  }

  /** Makes a deployment update this function only after another one, such as the consumer of its messages. */
  updateAfter(other: NodeFunction): void {
    const [cfnFunction, otherFunction] = [this, other].map(({ node }) => node.defaultChild as lambda.CfnFunction)
    if (otherFunction !== undefined) cfnFunction?.addResourceDependency(otherFunction)
  }

  private addAlarms(scope: Construct, id: string, { topic, errors, throttles }: FunctionAlarms): void {
    const period = Duration.minutes(5)
    new RunbookAlarm(scope, `${id}Errors`, { topic, metric: this.metricErrors({ period }), ...errors })
    new RunbookAlarm(scope, `${id}Throttles`, { topic, metric: this.metricThrottles({ period }), ...throttles })
  }
}

function bundlingOptions(afterBundling: NodeFunctionProps['afterBundling']): BundlingOptions {
  return {
    // CommonJS, because importing node:http as an ES module evaluates all its exports, and one of them loads Node's fetch,
    // which adds 60 ms to every cold start (docs/decisions/0008).
    format: OutputFormat.CJS,
    target: 'node24',
    // `module` first: only ES module builds can be tree-shaken.
    mainFields: ['module', 'main'],
    minify: true,
    sourceMap: true,
    sourceMapMode: SourceMapMode.EXTERNAL,
    sourcesContent: false,
    // Bundles the SDK too, so that the deployed version is the tested one.
    externalModules: [],
    ...(afterBundling && {
      commandHooks: {
        beforeBundling: () => [],
        beforeInstall: () => [],
        afterBundling: (_project: string, bundle: string) => afterBundling(bundle),
      },
    }),
  }
}
