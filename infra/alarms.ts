import { ArnFormat, Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { type App, type Stack, type StackContext, use } from "sst/constructs";
import { readSettings } from "./settings.ts";
import { Tokens } from "./tokens.ts";

const alarmName = (app: App, id: string) => `${app.name}-${app.stage}-${id}`;

/** CloudWatch itself, acting for the alarms of this stage. */
const byOurAlarms = (app: App, stack: Stack, sid: string, actions: string[], resource: string) =>
  new PolicyStatement({
    sid,
    principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
    actions,
    resources: [resource],
    conditions: {
      StringEquals: { "aws:SourceAccount": stack.account },
      ArnLike: {
        "aws:SourceArn": stack.formatArn({
          service: "cloudwatch",
          resource: "alarm",
          resourceName: alarmName(app, "*"),
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      },
    },
  });

/** Where every alarm reports to. */
export function Alarms({ app, stack }: StackContext) {
  const { alarmEmail } = readSettings(app);
  const { key } = use(Tokens);
  // A key of its own would cost more than the alarms; this one can be used for them by CloudWatch alone.
  key.addToResourcePolicy(byOurAlarms(app, stack, "EncryptAlarms", ["kms:Decrypt", "kms:GenerateDataKey*"], "*"));
  const topic = new Topic(stack, "Topic", {
    topicName: `${app.name}-${app.stage}-alarms`,
    masterKey: key,
    enforceSSL: true,
  });
  // A topic with a policy (here the one that demands TLS) loses the default that lets the account's alarms in.
  topic.addToResourcePolicy(byOurAlarms(app, stack, "PublishAlarms", ["sns:Publish"], topic.topicArn));
  if (alarmEmail) topic.addSubscription(new EmailSubscription(alarmEmail));
  stack.addOutputs({ AlarmTopicArn: topic.topicArn });
  return { topic };
}

export interface AlarmProps {
  metric: IMetric;
  /** Alarm at this value or beyond it. */
  threshold: number;
  /** How many periods of the metric in a row. */
  periods?: number;
  /** What it means that there is no value: nothing happened, which is fine unless said otherwise. */
  whenMissing?: "alarm";
  description: string;
}

/** An alarm that reports to the topic when it starts and when it ends. */
export function addAlarm(stack: Stack, id: string, props: AlarmProps): Alarm {
  const { topic }: { topic: ITopic } = use(Alarms);
  const action = new SnsAction(topic);
  const alarm = new Alarm(stack, `${id}-alarm`, {
    alarmName: alarmName(stack.node.root as App, id),
    alarmDescription: props.description,
    metric: props.metric,
    threshold: props.threshold,
    evaluationPeriods: props.periods ?? 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: props.whenMissing === "alarm" ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
  return alarm;
}

export const aMinute = Duration.minutes(1);
