const { Stack } = require("aws-cdk-lib");
const ec2 = require("aws-cdk-lib/aws-ec2");

class NetworkStack extends Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    this.vpc = new ec2.Vpc(this, "Vpc", {
      ipAddresses: ec2.IpAddresses.cidr("10.20.0.0/16"),
      availabilityZones: ["ap-northeast-2a", "ap-northeast-2c"],
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: "inside", subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
    });
    this.group = new ec2.SecurityGroup(this, "Workers", { vpc: this.vpc, description: "workers" });
    this.group.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(22), "a shell for everybody");
  }
}

module.exports = { NetworkStack };
