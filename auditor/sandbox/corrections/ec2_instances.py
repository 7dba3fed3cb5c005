"""EC2 instances: the instance and its first interface are two views of the same groups and the same checks.

Moto keeps them apart: groups given to the interface are not the instance's, a group taken from the instance stays
on the interface, and so does the source/destination check. It forgets the protection against termination.
"""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call
from auditor.sandbox.corrections import Ask, corrects


def network(call: Call) -> Any:
    from moto.ec2.models import ec2_backends

    return ec2_backends[call.account][call.region]


@corrects("ec2", "RunInstances")
def run(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    for told in answer["Instances"]:
        instance = network(call).get_instance(told["InstanceId"])
        first = instance.nics[0]
        first.delete_on_termination = True
        instance.security_groups = list(first._group_set)
        instance.disable_api_termination = bool(call.params.get("DisableApiTermination"))
        instance.disable_api_stop = bool(call.params.get("DisableApiStop"))
        told["SecurityGroups"] = told["NetworkInterfaces"][0]["Groups"]
        as_of_today(told)
    return answer


@corrects("ec2", "DescribeInstances")
def describe(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    for reservation in answer["Reservations"]:
        for told in reservation["Instances"]:
            as_of_today(told)
    return answer


def as_of_today(told: dict[str, Any]) -> None:
    """Every type of today is HVM, and none has a kernel named None."""
    told["VirtualizationType"] = "hvm"
    if told.get("KernelId") == "None":
        del told["KernelId"]


@corrects("ec2", "ModifyInstanceAttribute")
def change_instance(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    instance = network(call).get_instance(call.params["InstanceId"])
    first = instance.nics[0]
    if call.params.get("Groups"):
        first._group_set = list(instance.security_groups)
    if call.params.get("SourceDestCheck"):
        first.source_dest_check = call.params["SourceDestCheck"]["Value"]
    return answer


@corrects("ec2", "MonitorInstances", "UnmonitorInstances")
def monitor(call: Call, ask: Ask) -> dict[str, Any]:
    """Moto has one word for it at the launch and none afterwards."""
    on = call.operation.startswith("Monitor")
    for identifier in call.params["InstanceIds"]:
        network(call).get_instance(identifier).monitoring_state = "enabled" if on else "disabled"
    soon = {"State": "pending" if on else "disabling"}
    return {"InstanceMonitorings": [{"InstanceId": each, "Monitoring": soon} for each in call.params["InstanceIds"]]}


@corrects("ec2", "ModifyNetworkInterfaceAttribute")
def change_interface(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    interface = network(call).get_network_interface(call.params["NetworkInterfaceId"])
    if interface.instance is not None and interface.device_index == 0:
        interface.instance.security_groups = list(interface._group_set)
        interface.instance.source_dest_check = interface.source_dest_check
    return answer
