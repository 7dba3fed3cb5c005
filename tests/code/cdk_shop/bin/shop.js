// The smallest app that has what large ones have: two stacks, one using the other, a nested stack and an asset.
const { App } = require("aws-cdk-lib");
const { NetworkStack } = require("../lib/network-stack");
const { StoreStack } = require("../lib/store-stack");

const app = new App();
const env = { account: "123456789012", region: "ap-northeast-2" };
const network = new NetworkStack(app, "ShopNetwork", { env });
new StoreStack(app, "ShopStore", { env, vpc: network.vpc, group: network.group });
app.synth();
