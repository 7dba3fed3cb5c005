"""Rewriting cuggu's template: edits of its text, and the texts that are put into it.

An edit takes the template's text and gives another. It refuses to leave the text as it is, so that a change of the template
never turns a mutation into nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Edit = Callable[[str], str]
END = re.compile(r"\n\n?(?=  \w|  # |\w)")


def put(name: str, old: str, new: str) -> Edit:
    """Another text in one resource, the first time that it stands there."""

    def edit(text: str) -> str:
        start, end = _place(text, name)
        assert old in text[start:end], (name, old)
        return text[:start] + text[start:end].replace(old, new, 1) + text[end:]

    return edit


def without(*names: str) -> Edit:
    """Resources that are gone; what refers to them is another edit's business."""

    def edit(text: str) -> str:
        for name in names:
            start, end = _place(text, name)
            text = text[: start + 1] + text[end:]
        return text

    return edit


def every(old: str, new: str, times: int) -> Edit:
    """Another text wherever it stands, so many times."""

    def edit(text: str) -> str:
        assert text.count(old) == times, (old, text.count(old))
        return text.replace(old, new)

    return edit


def beside(written: str) -> Edit:
    """More resources."""
    return every("\nOutputs:\n", f"{written}\nOutputs:\n", 1)


def _place(text: str, name: str) -> tuple[int, int]:
    start = text.index(f"\n  {name}:\n")
    end = END.search(text, start + 1)
    assert end
    return start, end.start() + 1


def line_of(text: str, name: str) -> int:
    """The line on which a resource begins."""
    return text[: _place(text, name)[0] + 1].count("\n") + 1


def allow(name: str, who: str, action: str, condition: str = "") -> Edit:
    """One more statement of a bucket's policy, before that which wants TLS."""
    effect = "Deny" if condition == "deny" else "Allow"
    line = f'          - {{Effect: {effect}, Principal: {who}, Action: {action}, Resource: !Sub "${{ImagesBucket.Arn}}/*"}}\n'
    return put(name, "          - Sid: EnforceHTTPS\n", line + "          - Sid: EnforceHTTPS\n")


def trusted(name: str, who: str) -> Edit:
    return put(
        name, TRUST, TRUST + f"          - {{Effect: Allow, Principal: {{AWS: {who}}}, Action: sts:AssumeRole}}\n"
    )


def egress(name: str) -> str:
    """What a group may call: HTTPS alone."""
    return f"""      SecurityGroupEgress:
        - {{Description: {name}, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}}
"""


TRUST = "          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}\n"
VPC = "      VpcId: !Ref Vpc\n"
SSH = """      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 20, ToPort: 30, CidrIp: 0.0.0.0/1}
        - {IpProtocol: tcp, FromPort: 20, ToPort: 30, CidrIp: 128.0.0.0/1}
"""
BLOCK = """      PublicAccessBlockConfiguration:
        BlockPublicAcls: true
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: true
"""
MIDDLEWARE = """          FunctionAssociations:
            - {EventType: viewer-request, FunctionARN: !GetAtt Middleware.FunctionARN}
"""
IN_THE_VPC = """      VpcConfig:
        SubnetIds: [!Ref PrivateSubnetA, !Ref PrivateSubnetC]
        SecurityGroupIds: [!Ref FunctionGroup]
"""
SERVER_DOMAIN = '!Select [2, !Split ["/", !GetAtt ServerUrl.FunctionUrl]]'
OPTIMIZER_DOMAIN = '!Select [2, !Split ["/", !GetAtt ImageUrl.FunctionUrl]]'
INGRESS_OF_PROXY = """      SecurityGroupIngress:
        - Description: from the functions
          IpProtocol: tcp
          FromPort: 5432
          ToPort: 5432
          SourceSecurityGroupId: !Ref FunctionGroup
"""
EGRESS_OF_PROXY = """          FromPort: 5432
          ToPort: 5432
          DestinationSecurityGroupId: !GetAtt DatabaseGroup.GroupId
"""
CERTIFICATE = """          AcmCertificateArn: !Ref CertificateArn
          SslSupportMethod: sni-only
          MinimumProtocolVersion: TLSv1.2_2021
"""
OTHER_CERTIFICATE = """
  LunchCertificate:
    Type: AWS::CertificateManager::Certificate
    Properties: {DomainName: lunch.example.com, ValidationMethod: DNS}
"""
STRANGER = """
  QuickExport:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      Role: !GetAtt CleanupRole.Arn
      Code: {S3Bucket: cuggu-releases, S3Key: export.zip}
      VpcConfig: {SubnetIds: [!Ref PrivateSubnetA], SecurityGroupIds: [!Ref FunctionGroup]}
"""
INSTANCE = """
  LaunchWizard:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: launch-wizard-1
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}

  UndeclaredInstance:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0c9c942bd7bf113a2
      InstanceType: t3.micro
      NetworkInterfaces:
        - DeviceIndex: "0"
          SubnetId: !Ref PublicSubnetA
          GroupSet: [!Ref LaunchWizard]
          AssociatePublicIpAddress: true
"""
COPY = """
  QuickCopy:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Delete
    Properties:
      DBInstanceIdentifier: quick-copy
      Engine: postgres
      DBInstanceClass: db.t4g.micro
      AllocatedStorage: 20
      MasterUsername: u
      MasterUserPassword: !Sub "{{resolve:secretsmanager:${DatabaseSecret}:SecretString:password}}"
      DBSubnetGroupName: !Ref DatabaseSubnets
      VPCSecurityGroups: [!Ref DatabaseGroup]
"""
READS = '{Effect: Allow, Action: s3:GetObject, Resource: !Sub "${ImagesBucket.Arn}/*"}'
READER = f"""
  QuickReaderRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
{TRUST}      Policies:
        - PolicyName: p
          PolicyDocument: {{Version: "2012-10-17", Statement: [{READS}]}}

  QuickReader:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      Role: !GetAtt QuickReaderRole.Arn
      Code: {{S3Bucket: cuggu-releases, S3Key: reader.zip}}
"""
FREELANCER = f"""
  Freelancer:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument: {{Version: "2012-10-17", Statement: [{READS}]}}
"""
FREELANCERS = f"""
  Freelancers:
    Type: AWS::IAM::Group
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument: {{Version: "2012-10-17", Statement: [{READS}]}}

  Freelancer:
    Type: AWS::IAM::User
    Properties: {{Groups: [!Ref Freelancers]}}
"""
LONELY = """
  Lonely:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: x, VpcId: !Ref Vpc}
"""
LIMIT = """
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: ["logs:*", "ec2:*"], Resource: "*"}]
"""
VERCEL = """
  BlogRecord:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: !Ref Zone
      Name: !Sub "blog.${Domain}."
      Type: CNAME
      TTL: "300"
      ResourceRecords: [cname.vercel-dns.com]
"""
# The default of a network ACL admits everything; this one all but what is denied first.
ACL = """
  Acl:
    Type: AWS::EC2::NetworkAcl
    Properties: {VpcId: !Ref Vpc}

  AclDenies:
    Type: AWS::EC2::NetworkAclEntry
    Properties:
      {NetworkAclId: !Ref Acl, RuleNumber: 50, Protocol: 6, RuleAction: deny, Egress: false, CidrBlock: 0.0.0.0/0,
       PortRange: {From: 5432, To: 5432}}

  AclIn:
    Type: AWS::EC2::NetworkAclEntry
    Properties: {NetworkAclId: !Ref Acl, RuleNumber: 100, Protocol: -1, RuleAction: allow, Egress: false, CidrBlock: 0.0.0.0/0}

  AclOut:
    Type: AWS::EC2::NetworkAclEntry
    Properties: {NetworkAclId: !Ref Acl, RuleNumber: 100, Protocol: -1, RuleAction: allow, Egress: true, CidrBlock: 0.0.0.0/0}

  AclOfA:
    Type: AWS::EC2::SubnetNetworkAclAssociation
    Properties: {NetworkAclId: !Ref Acl, SubnetId: !Ref PrivateSubnetA}

  AclOfC:
    Type: AWS::EC2::SubnetNetworkAclAssociation
    Properties: {NetworkAclId: !Ref Acl, SubnetId: !Ref PrivateSubnetC}
"""
HALF_ROUTE = """
  HalfRoute:
    Type: AWS::EC2::Route
    DependsOn: InternetGatewayAttachment
    Properties: {RouteTableId: !Ref PrivateRoutes, DestinationCidrBlock: 0.0.0.0/1, GatewayId: !Ref InternetGateway}
"""
QUEUE = """
  AlarmQueue:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref AlarmTopic
      Protocol: sqs
      Endpoint: !Sub "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:alarms"
"""
ACTIONS = "      AlarmActions: [!Ref AlarmTopic]\n      OKActions: [!Ref AlarmTopic]\n"
OTHER_RULE = """
  OtherRule:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: rate(1 day)}
"""
