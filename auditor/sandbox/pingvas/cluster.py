"""Compute layer: the EKS cluster, its system and GPU nodes, and the roles of what runs in it.

EKS starts the nodes of a group by an Auto Scaling group of its own; Karpenter starts instances itself. Both tag them.
"""

from __future__ import annotations

from typing import Any

from auditor.sandbox.cuggu.names import policy, trust
from auditor.sandbox.pingvas.names import ZONES, Team
from auditor.sandbox.pingvas.network import admit, subnets

AWS = "arn:aws:iam::aws:policy"
OF_NODES = ("AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly")
# name, types, Spot or not, the fewest and the most nodes, image
GROUPS: tuple[tuple[str, list[str], str, int, int, str], ...] = (
    ("system", ["t4g.medium"], "ON_DEMAND", 2, 5, "AL2023_ARM_64_STANDARD"),
    ("gpu", ["g4dn.xlarge"], "SPOT", 0, 10, "AL2023_x86_64_NVIDIA"),
)


def build(team: Team) -> None:
    build_cluster(team)
    build_nodes(team)
    for noun in ("aurora", "redis", "efs"):
        port = {"aurora": 5432, "redis": 6379, "efs": 2049}[noun]
        admit(team, f"{noun}-group", port, groups=[team["cluster-group"]])
    admit(team, "aurora-group", 5432, groups=[team["vpn-group"]])
    admit(team, "cluster-group", 443, groups=[team["vpn-group"]])
    admit(team, "cluster-group", 30000, to=32767, groups=[team["alb-group"]])


def role(team: Team, noun: str, trusted: str, managed: Any = (), *statements: dict[str, Any]) -> str:
    iam = team.client("iam")
    made = iam.create_role(RoleName=team.called(noun), AssumeRolePolicyDocument=trusted, Tags=team.tag_list())["Role"]
    for each in managed:
        iam.attach_role_policy(RoleName=made["RoleName"], PolicyArn=f"{AWS}/{each}")
    if statements:
        iam.put_role_policy(RoleName=made["RoleName"], PolicyName="inline", PolicyDocument=policy(*statements))
    team.put(f"{noun}-role", made["RoleName"], made["Arn"])
    return str(made["Arn"])


def build_cluster(team: Team) -> None:
    eks, name = team.client("eks"), team.name
    arn = role(team, "cluster", trust("eks.amazonaws.com"), ["AmazonEKSClusterPolicy"])
    made = eks.create_cluster(
        name=name,
        version="1.33",
        roleArn=arn,
        resourcesVpcConfig={
            "subnetIds": subnets(team, "nodes"),
            "endpointPrivateAccess": True,
            "endpointPublicAccess": False,
        },
        logging={"clusterLogging": [{"types": ["api", "audit", "authenticator"], "enabled": True}]},
        tags=team.tags(),
    )["cluster"]
    team.put("cluster", name, made["arn"])
    told = eks.describe_cluster(name=name)["cluster"]["resourcesVpcConfig"]
    team.put("cluster-group", told["clusterSecurityGroupId"])


def build_nodes(team: Team) -> None:
    eks = team.client("eks")
    arn = role(team, "node", trust("ec2.amazonaws.com"), OF_NODES)
    for group, kinds, capacity, least, most, image in GROUPS:
        made = eks.create_nodegroup(
            clusterName=team.name,
            nodegroupName=group,
            nodeRole=arn,
            subnets=subnets(team, "nodes"),
            instanceTypes=kinds,
            capacityType=capacity,
            amiType=image,
            scalingConfig={"minSize": least, "maxSize": most, "desiredSize": least},
            labels={"workload": group},
            tags=team.tags(),
        )["nodegroup"]
        team.put(f"{group}-nodes", f"{team.name}/{group}", made["nodegroupArn"])
        started_by = made["resources"]["autoScalingGroups"][0]["name"]
        build_scaling(team, group, started_by, kinds[0], (least, most))
    build_karpenter(team)


def marks(team: Team) -> dict[str, str]:
    """What EKS and Karpenter write on every node."""
    return {f"kubernetes.io/cluster/{team.name}": "owned"}


def build_scaling(team: Team, group: str, name: str, kind: str, bounds: tuple[int, int]) -> None:
    ec2 = team.client("ec2")
    template = ec2.create_launch_template(
        LaunchTemplateName=name,
        LaunchTemplateData={
            "ImageId": "ami-0c9c942bd7bf113a2",
            "InstanceType": kind,
            "SecurityGroupIds": [team["cluster-group"]],
            "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 2},
        },
    )["LaunchTemplate"]["LaunchTemplateId"]
    tags = {"eks:cluster-name": team.name, "eks:nodegroup-name": group} | marks(team)
    team.client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchTemplate={"LaunchTemplateId": template, "Version": "$Default"},
        MinSize=bounds[0],
        MaxSize=bounds[1],
        DesiredCapacity=bounds[0],
        VPCZoneIdentifier=",".join(subnets(team, "nodes")),
        Tags=[{"Key": key, "Value": value, "PropagateAtLaunch": True} for key, value in tags.items()],
    )
    team.put(f"{group}-scaling", name)
    if group == "system":
        build_targets(team, name)


def build_targets(team: Team, name: str) -> None:
    """The ingress controller listens on a port of every system node."""
    (made,) = team.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    team.client("elbv2").register_targets(
        TargetGroupArn=team["ingress"], Targets=[{"Id": each["InstanceId"]} for each in made["Instances"]]
    )


def build_karpenter(team: Team) -> None:
    """The controller takes its role by Pod Identity, and has started one node for a batch of images."""
    started = {
        "Action": ["ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateTags", "ec2:TerminateInstances", "ec2:Describe*"],
        "Resource": "*",
    }
    role(team, "karpenter", by_pods(), (), started, {"Action": "iam:PassRole", "Resource": team.arn("node-role")})
    tags = {"Name": "default/gpu-workers", "karpenter.sh/nodepool": "gpu-workers"} | marks(team)
    made = team.client("ec2").run_instances(
        ImageId="ami-0c9c942bd7bf113a2",
        InstanceType="g5.xlarge",
        MinCount=1,
        MaxCount=1,
        SubnetId=team[f"nodes-{ZONES[1]}"],
        SecurityGroupIds=[team["cluster-group"]],
        MetadataOptions={"HttpTokens": "required", "HttpEndpoint": "enabled"},
        InstanceMarketOptions={"MarketType": "spot"},
        TagSpecifications=[
            {"ResourceType": "instance", "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        ],
    )["Instances"][0]["InstanceId"]
    team.put("karpenter-node", made)


def by_pods() -> str:
    """A role's trust in the pods to which EKS gives it."""
    return policy({"Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:TagSession"]})


def build_services(team: Team) -> None:
    """What the services of each environment may do with its bucket."""
    for environment in ("dev", "prod"):
        images = f"{team.arn(f'images-{environment}')}/*"
        role(
            team, f"api-{environment}", by_pods(), (), {"Action": ["s3:GetObject", "s3:PutObject"], "Resource": images}
        )
