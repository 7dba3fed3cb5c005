const { NestedStack, RemovalPolicy, Stack } = require("aws-cdk-lib");
const lambda = require("aws-cdk-lib/aws-lambda");
const s3 = require("aws-cdk-lib/aws-s3");
const sns = require("aws-cdk-lib/aws-sns");
const path = require("path");

class Notices extends NestedStack {
  constructor(scope, id, props) {
    super(scope, id, props);
    this.topic = new sns.Topic(this, "Sold", { topicName: "shop-sold" });
  }
}

class StoreStack extends Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    const notices = new Notices(this, "Notices");
    const files = new s3.Bucket(this, "Files", {
      bucketName: "shop-files-example",
      removalPolicy: RemovalPolicy.RETAIN,
      blockPublicAccess: new s3.BlockPublicAccess({ blockPublicAcls: true }),
    });
    const worker = new lambda.Function(this, "Worker", {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: "index.handler",
      code: lambda.Code.fromAsset(path.join(__dirname, "..", "handler")),
      vpc: props.vpc,
      vpcSubnets: { subnets: props.vpc.isolatedSubnets },
      securityGroups: [props.group],
      environment: { TOPIC: notices.topic.topicArn },
    });
    files.grantRead(worker);
  }
}

module.exports = { StoreStack };
